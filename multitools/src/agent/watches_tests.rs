use super::*;
use proptest::prelude::*;

fn id(slot: u32, incarnation: u16) -> AgentId {
    AgentId::new(slot, incarnation)
}
fn joined(id: AgentId) -> Change {
    Change::joined(id, 0)
}
fn failed() -> DownReason {
    DownReason::Failed {
        text: "failed".into(),
    }
}
fn away(id: AgentId) -> Change {
    Change::Away {
        id,
        reason: failed(),
        kept: true,
    }
}
fn ended(id: AgentId) -> Change {
    Change::Ended(id, DownReason::Finished)
}
fn told(watches: &mut Watches) -> Vec<(AgentId, bool)> {
    let downs = watches.take_downs();
    downs
        .iter()
        .map(|(_, down)| (down.id, down.restarting))
        .collect()
}

#[test]
fn r15_an_old_id_watches_whoever_holds_the_slot_now() {
    let mut watches = Watches::default();
    watches.follow(&joined(id(1, 0)));
    watches.follow(&away(id(1, 0)));
    watches.follow(&joined(id(1, 2)));
    assert_eq!(watches.set(id(1, 0)).1, Set::Watching);
    watches.follow(&ended(id(2, 0)));
    watches.follow(&away(id(1, 2)));
    assert_eq!(told(&mut watches), [(id(1, 2), true)]);
}

#[test]
fn r15_who_is_watched_while_away_is_the_next_incarnation() {
    let mut watches = Watches::default();
    watches.follow(&joined(id(1, 0)));
    watches.set(id(1, 0));
    watches.follow(&away(id(1, 0)));
    assert_eq!(told(&mut watches), [(id(1, 0), true)]);
    assert_eq!(watches.set(id(1, 0)).1, Set::Watching);
    // One that did not come up.
    watches.follow(&away(id(1, 1)));
    watches.follow(&joined(id(1, 2)));
    assert_eq!(told(&mut watches), []);
    watches.follow(&ended(id(1, 2)));
    assert_eq!(told(&mut watches), [(id(1, 2), false)]);
    let gone = Down::new(id(1, 2), DownReason::Finished, false);
    assert_eq!(watches.set(id(1, 0)).1, Set::Gone(gone));
}

#[test]
fn r15_a_restart_that_is_given_up_is_told_to_who_waits_for_the_next_incarnation() {
    let mut watches = Watches::default();
    watches.follow(&joined(id(1, 0)));
    watches.follow(&away(id(1, 0)));
    watches.set(id(1, 0));
    watches.follow(&ended(id(1, 0)));
    assert_eq!(told(&mut watches), [(id(1, 0), false)]);
}

#[test]
fn r15_an_id_that_is_known_before_the_word_of_its_start_is_watched_itself() {
    let mut watches = Watches::default();
    watches.follow(&joined(id(1, 0)));
    assert_eq!(watches.set(id(1, 1)).1, Set::Unknown);
    assert_eq!(watches.set(id(7, 0)).1, Set::Unknown);
    watches.follow(&away(id(1, 0)));
    assert_eq!(told(&mut watches), []);
    for slot in [1, 7] {
        let id = id(slot, u16::from(slot == 1));
        watches.follow(&joined(id));
        watches.follow_unknown(id);
        watches.follow(&ended(id));
        assert_eq!(told(&mut watches), [(id, false)]);
    }
}

#[test]
fn r15_an_id_of_who_had_a_slot_before_does_not_watch_who_has_it_now() {
    let mut watches = Watches::default();
    watches.follow(&joined(id(1, 0)));
    watches.set(id(1, 0));
    // Known from a message of the next holder.
    assert_eq!(watches.set(id(1, 2)).1, Set::Unknown);
    watches.follow(&ended(id(1, 0)));
    assert_eq!(told(&mut watches), [(id(1, 0), false)]);
    assert_eq!(watches.set(id(1, 2)).1, Set::Unknown);
    watches.follow(&Change::joined(id(1, 2), 2));
    let gone = Down::new(id(1, 1), DownReason::Finished, false);
    assert_eq!(watches.set(id(1, 1)).1, Set::Gone(gone));
    assert_eq!(watches.resolve(id(1, 1)), (id(1, 1), false));
    watches.follow(&away(id(1, 2)));
    assert_eq!(told(&mut watches), [(id(1, 2), true), (id(1, 2), true)]);
    assert_eq!(watches.set(id(1, 2)).1, Set::Watching);
    watches.follow(&Change::joined(id(1, 3), 2));
    watches.follow(&ended(id(1, 3)));
    assert_eq!(told(&mut watches), [(id(1, 3), false)]);
}

#[test]
fn r15_nothing_comes_of_a_watch_that_was_taken_back() {
    let mut watches = Watches::default();
    watches.follow(&joined(id(1, 0)));
    let (one, _) = watches.set(id(1, 0));
    let (other, _) = watches.set(id(1, 0));
    watches.clear(one);
    watches.follow(&ended(id(1, 0)));
    watches.clear(one);
    assert_eq!(watches.downs.len(), 1);
    watches.clear(other);
    assert_eq!(told(&mut watches), []);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Set(u32),
    Fail(u32),
    Come(u32),
    End(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let slot = 0..3u32;
    prop_oneof![
        3 => slot.clone().prop_map(Step::Set),
        2 => slot.clone().prop_map(Step::Fail),
        2 => slot.clone().prop_map(Step::Come),
        1 => slot.prop_map(Step::End),
    ]
}

proptest! {
    #[test]
    fn r15_each_watch_tells_exactly_once(steps in prop::collection::vec(step(), 0..80)) {
        let mut watches = Watches::default();
        let mut incarnations = [0u16; 3];
        let (mut runs, mut gone) = ([true; 3], [false; 3]);
        let mut open: Vec<Monitor> = Vec::new();
        let mut set = 0;
        let mut told = Vec::new();
        for slot in 0..3 {
            watches.follow(&joined(id(slot, 0)));
        }
        let all_end = (0..3).map(Step::End);
        for step in steps.into_iter().chain(all_end) {
            let (Step::Set(slot) | Step::Fail(slot) | Step::Come(slot) | Step::End(slot)) = step;
            let place = slot as usize;
            let current = id(slot, incarnations[place]);
            match step {
                Step::Set(_) => {
                    set += 1;
                    match watches.set(id(slot, 0)) {
                        (monitor, Set::Gone(_)) => told.push(monitor),
                        (monitor, Set::Watching) => open.push(monitor),
                        (_, Set::Unknown) => prop_assert!(false),
                    }
                }
                Step::Fail(_) if runs[place] => {
                    watches.follow(&away(current));
                    runs[place] = false;
                }
                Step::Come(_) if !runs[place] && !gone[place] => {
                    incarnations[place] += 1;
                    watches.follow(&joined(id(slot, incarnations[place])));
                    runs[place] = true;
                }
                Step::End(_) if !gone[place] => {
                    watches.follow(&ended(current));
                    (runs[place], gone[place]) = (false, true);
                }
                _ => {}
            }
            told.extend(watches.take_downs().into_iter().map(|(monitor, _)| monitor));
        }
        prop_assert_eq!(told.len(), set);
        told.sort_unstable_by_key(|monitor| monitor.number);
        told.dedup();
        prop_assert_eq!(told.len(), set);
        prop_assert!(open.iter().all(|monitor| told.contains(monitor)));
        prop_assert!(watches.watches.values().all(Vec::is_empty));
    }
}
