use super::*;
use crate::catalog;
use crate::router::{BROADCAST, LISTENERS};

fn leaves() -> &'static [&'static MessageEntry] {
    catalog::messages().unwrap().entries()
}

fn to(slot: u32) -> Audience {
    Audience {
        addressees: vec![AgentId::new(slot, 0)],
        ..Audience::default()
    }
}

/// The slot of the one that is remembered.
fn one(
    audiences: &mut Audiences,
    at: u64,
    target: &Target<'_>,
    leaf: &MessageEntry,
) -> Option<u32> {
    match audiences.find(at, target, leaf.key())? {
        Remembered::Audience(found) => audiences.one(found).map(AgentId::slot),
        Remembered::Unheard(_) => None,
    }
}

/// Targets that differ in one part each, also where only the middle of a name does.
fn targets(names: &[String]) -> Vec<Target<'_>> {
    let mut targets: Vec<Target<'_>> = names.iter().map(Target::from).collect();
    for slot in 0..50 {
        targets.push(AgentId::new(slot, 0).into());
        targets.push(AgentId::new(slot, 1).into());
        targets.push(Target::Type(slot.into(), ""));
    }
    targets.extend([BROADCAST, LISTENERS]);
    targets
}

#[test]
fn each_target_and_message_has_its_own_audience() {
    let names: Vec<String> = (0..50)
        .flat_map(|n| [format!("{n}"), format!("a-long-name-{n}-with-one-end")])
        .collect();
    let (targets, leaves) = (targets(&names), &leaves()[..2]);
    let mut audiences = Audiences::default();
    let all = || {
        targets
            .iter()
            .flat_map(|target| leaves.iter().map(move |leaf| (target, leaf)))
    };
    assert!(audiences.find(1, &BROADCAST, 0).is_none());
    for (slot, (target, leaf)) in (0..).zip(all()) {
        assert_eq!(one(&mut audiences, 1, target, leaf), None);
        audiences.remember(target, leaf, to(slot));
    }
    for (slot, (target, leaf)) in (0..).zip(all()) {
        assert_eq!(one(&mut audiences, 1, target, leaf), Some(slot));
    }
    for (target, leaf) in all() {
        assert_eq!(one(&mut audiences, 2, target, leaf), None);
    }
}

#[test]
fn r5_what_nobody_listens_to_is_remembered_until_somebody_may() {
    let (mut audiences, leaf) = (Audiences::default(), leaves()[0]);
    audiences.find(1, &LISTENERS, leaf.key());
    audiences.remember_unheard(leaf);
    let found = audiences.find(1, &LISTENERS, leaf.key());
    assert!(matches!(found, Some(Remembered::Unheard(name)) if name == leaf.name));
    assert!(audiences.find(1, &BROADCAST, leaf.key()).is_none());
    assert!(audiences.find(1, &LISTENERS, leaves()[1].key()).is_none());
    assert!(audiences.find(2, &LISTENERS, leaf.key()).is_none());
}

#[test]
fn sets_of_ids_displace_nothing_and_take_no_more_room() {
    let (mut audiences, leaf) = (Audiences::default(), leaves()[0]);
    let name = Target::Name("a");
    audiences.find(1, &name, leaf.key());
    audiences.remember(&name, leaf, to(7));
    for slot in 0..3 * u32::try_from(REMEMBERED).unwrap() {
        let ids = [AgentId::new(slot, 0)];
        let set = Target::Ids(&ids);
        assert!(audiences.find(1, &set, leaf.key()).is_none());
        let found = audiences.remember(&set, leaf, to(slot));
        assert_eq!(audiences.one(found).map(AgentId::slot), Some(slot));
    }
    assert_eq!(one(&mut audiences, 1, &name, leaf), Some(7));
    assert_eq!(audiences.entries.len(), 2);
}

#[test]
fn there_is_an_end_to_what_is_remembered() {
    let (mut audiences, leaf) = (Audiences::default(), leaves()[0]);
    audiences.find(1, &LISTENERS, leaf.key());
    for slot in 0..3 * u32::try_from(REMEMBERED).unwrap() {
        let target = AgentId::new(slot, 0).into();
        audiences.remember(&target, leaf, to(slot));
        assert_eq!(one(&mut audiences, 1, &target, leaf), Some(slot));
        assert!(audiences.entries.len() <= REMEMBERED);
    }
}
