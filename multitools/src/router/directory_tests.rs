use super::*;
use crate::message::{DownReason, key};
use crate::router::{BROADCAST, LISTENERS, SUPERVISOR};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn text() -> Ancestry {
    Ancestry::ROOT.child(key("text"))
}
fn print() -> Ancestry {
    text().child(key("print"))
}
fn other() -> Ancestry {
    Ancestry::ROOT.child(key("other"))
}
fn id(slot: u32) -> AgentId {
    AgentId::new(slot, 0)
}

fn kind(name: Option<&str>, agent: u64, listens: Vec<u64>) -> Arc<Kind> {
    Arc::new(Kind {
        name: name.map(str::to_owned),
        agent,
        listens,
    })
}

/// 0 "a", 1 "b", 2 "b", 3 nameless; 1 listens to text, 2 to print, 3 to everything.
fn directory() -> Directory {
    let mut directory = Directory::default();
    let members = [
        (0, Some("a"), vec![]),
        (1, Some("b"), vec![text().key()]),
        (2, Some("b"), vec![print().key()]),
        (3, None, vec![Ancestry::ROOT.key()]),
    ];
    for (slot, name, listens) in members {
        directory.apply(Change::Joined(Member {
            id: id(slot),
            since: 0,
            kind: kind(name, u64::from(slot) % 2, listens),
        }));
    }
    directory
}

fn audience(sender: u32, target: Target<'_>, message: Ancestry) -> (Vec<u32>, Vec<u32>) {
    let audience = directory().audience(id(sender), &target, &message).unwrap();
    let slots = |ids: Vec<AgentId>| ids.into_iter().map(AgentId::slot).collect();
    (slots(audience.addressees), slots(audience.listeners))
}

#[test]
fn r3_one_copy_for_an_addressee_that_listens_and_none_for_the_sender() {
    assert_eq!(audience(0, "b".into(), text()), (vec![1, 2], vec![3]));
    assert_eq!(audience(0, "b".into(), print()), (vec![1, 2], vec![3]));
    assert_eq!(audience(0, id(0).into(), print()), (vec![0], vec![1, 2, 3]));
    assert_eq!(audience(1, id(0).into(), text()), (vec![0], vec![3]));
    assert_eq!(audience(3, id(3).into(), other()), (vec![3], vec![]));
}

#[test]
fn r3_broadcast_includes_the_sender() {
    assert_eq!(audience(2, BROADCAST, print()), (vec![0, 1, 2, 3], vec![]));
}

#[test]
fn r3_the_supervisors_traffic_is_overheard_by_exact_type_only() {
    assert_eq!(audience(0, SUPERVISOR, print()), (vec![], vec![2]));
    assert_eq!(audience(2, SUPERVISOR, print()), (vec![], vec![]));
    assert_eq!(audience(0, SUPERVISOR, other()), (vec![], vec![]));
}

#[test]
fn r5_listeners_are_those_of_the_type_and_its_supertypes() {
    assert_eq!(audience(0, LISTENERS, print()), (vec![1, 2, 3], vec![]));
    assert_eq!(audience(0, LISTENERS, text()), (vec![1, 3], vec![]));
    let nobody = directory().audience(id(3), &LISTENERS, &other());
    assert_eq!(nobody, Err(Nobody::NoListener));
}

#[test]
fn r5_an_empty_set_is_no_target() {
    let mut directory = directory();
    for target in ["nobody".into(), Target::Ids(&[])] {
        let nobody = directory.audience(id(0), &target, &text());
        assert_eq!(nobody, Err(Nobody::NoTarget));
    }
}

#[test]
fn r10_who_is_newer_than_any_that_was_told_of_is_still_to_be_told_of() {
    let mut directory = directory();
    assert!(!directory.has_yet_to_hear_of(id(1)));
    assert!(
        directory.has_yet_to_hear_of(AgentId::new(1, 1)) && directory.has_yet_to_hear_of(id(9))
    );
    directory.apply(Change::Ended(AgentId::new(9, 3), DownReason::Finished));
    directory.apply(Change::Ended(id(1), DownReason::Finished));
    assert!(!directory.has_yet_to_hear_of(id(1)) && !directory.has_yet_to_hear_of(id(9)));
    assert!(directory.has_yet_to_hear_of(AgentId::new(9, 4)));
}

#[test]
fn r4_and_r10_an_ended_agent_is_dead_and_its_next_incarnation_is_not() {
    let mut directory = directory();
    directory.apply(Change::Ended(id(1), DownReason::Finished));
    assert_eq!(directory.named("b"), [id(2)]);
    let dead = directory.audience(id(0), &id(1).into(), &text()).unwrap();
    assert_eq!((dead.addressees, dead.dead), (vec![], vec![id(1)]));
    let again = AgentId::new(1, 1);
    directory.apply(Change::Joined(Member {
        id: again,
        since: 0,
        kind: kind(Some("b"), 1, vec![]),
    }));
    directory.apply(Change::Ended(id(1), DownReason::Finished));
    let alive = directory.audience(id(0), &id(1).into(), &other()).unwrap();
    assert_eq!(alive.addressees, [again]);
}

#[test]
fn r10_who_ends_before_it_has_come_up_again_runs_no_more() {
    let mut directory = directory();
    let (reason, kept) = (DownReason::Finished, true);
    let id = id(0);
    directory.apply(Change::Away { id, reason, kept });
    // Nobody was told that this one runs.
    let next = AgentId::new(0, 1);
    directory.apply(Change::Ended(next, DownReason::Finished));
    assert!(!directory.is_running(id));
    assert!(directory.named("a").is_empty());
    let nobody = directory.audience(next, &"a".into(), &other());
    assert_eq!(nobody, Err(Nobody::NoTarget));
}

#[test]
fn a_type_stands_for_all_its_agents() {
    assert_eq!(audience(1, Target::Type(0, "A"), other()).0, vec![0, 2]);
}

#[test]
fn the_name_of_an_agent_outlives_it() {
    let mut directory = directory();
    directory.apply(Change::Ended(id(0), DownReason::Finished));
    assert_eq!(directory.name_of(id(0)), Some("a"));
    assert_eq!(directory.named("a"), []);
    assert_eq!(directory.name_of(id(3)), None);
    assert_eq!(directory.name_of(id(9)), None);
}

/// A forest of types: each a root or a subtype of an earlier one.
fn hierarchy(parents: &[Option<prop::sample::Index>]) -> Vec<Ancestry> {
    let mut types: Vec<Ancestry> = Vec::new();
    for (place, parent) in parents.iter().enumerate() {
        let above = parent.as_ref().filter(|_| !types.is_empty());
        let above = above.map_or(Ancestry::ROOT, |parent| *parent.get(&types));
        let above = if above.depth() < 8 {
            above
        } else {
            Ancestry::ROOT
        };
        types.push(above.child(key(&place.to_string())));
    }
    types
}

/// Something that happens to a population.
#[derive(Clone, Debug)]
enum Step {
    Join(u32, u16, Vec<prop::sample::Index>, bool),
    End(u32, u16),
    Send(u32, prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    let listens = prop::collection::vec(any::<prop::sample::Index>(), 0..4);
    prop_oneof![
        (0..6u32, 0..3u16, listens, any::<bool>())
            .prop_map(|(s, i, l, all)| Step::Join(s, i, l, all)),
        (0..6u32, 0..3u16).prop_map(|(slot, incarnation)| Step::End(slot, incarnation)),
        (0..7u32, any::<prop::sample::Index>()).prop_map(|(slot, ty)| Step::Send(slot, ty)),
    ]
}

proptest! {
    #[test]
    fn listeners_by_dense_id_are_those_that_a_walk_through_everybody_finds(
        parents in prop::collection::vec(any::<Option<prop::sample::Index>>(), 1..20),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let types = hierarchy(&parents);
        let mut directory = Directory::default();
        let mut population: BTreeMap<u32, (AgentId, Vec<Ancestry>)> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Join(slot, incarnation, listens, all) => {
                    let mut listens: Vec<_> = listens.iter().map(|ty| *ty.get(&types)).collect();
                    listens.extend(all.then_some(Ancestry::ROOT));
                    let id = AgentId::new(slot, incarnation);
                    directory.apply(Change::Joined(Member {
                        id,
                        since: 0,
                        kind: kind(None, 0, listens.iter().map(Ancestry::key).collect()),
                    }));
                    population.insert(slot, (id, listens));
                }
                Step::End(slot, incarnation) => {
                    let id = AgentId::new(slot, incarnation);
                    directory.apply(Change::Ended(id, DownReason::Finished));
                    let is_over = |member: &(AgentId, _)| id.is_since(member.0.incarnation());
                    if population.get(&slot).is_some_and(is_over) {
                        population.remove(&slot);
                    }
                }
                Step::Send(slot, ty) => {
                    let place = ty.index(types.len());
                    let listening = |member: &&(AgentId, Vec<Ancestry>)| {
                        member.0 != id(slot) && member.1.iter().any(|ty| types[place].is(ty))
                    };
                    let expected: Vec<_> = population.values().filter(listening).map(|m| m.0).collect();
                    let message = MessageType { id: u32::try_from(place).ok(), ancestry: &types[place] };
                    let found = directory.audience(id(slot), &LISTENERS, message);
                    prop_assert_eq!(found.map_or(Vec::new(), |found| found.addressees), expected);
                }
            }
        }
    }
}
