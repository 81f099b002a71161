//! The control protocol, in both directions.

use crate::catalog;
use crate::message::AnyMessage;
use crate::protocol::{ControlReader, Outcome, ToAgent, ToSupervisor, encode};
use crate::router::{Change, Directory};
use crate::shape;
use crate::supervisor::audit;
use crate::wire::body::Body;
use crate::wire::frame::Envelope;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

const LONGEST: usize = 4000;

/// What comes over a control socket: the first byte says from which side, and in pieces of which length.
pub fn control(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let piece = usize::from(first >> 1).max(1);
    if first & 1 == 0 {
        words(bytes, piece, heard);
    } else {
        let mut directory = Directory::default();
        words(bytes, piece, |word| obeyed(word, &mut directory));
    }
}

fn words<T>(bytes: &[u8], piece: usize, mut each: impl FnMut(T))
where
    T: Serialize + DeserializeOwned + Debug,
{
    let mut reader = ControlReader::<T>::new(LONGEST);
    for piece in bytes.chunks(piece) {
        reader.push(piece);
        loop {
            match reader.next() {
                Ok(Some(word)) => {
                    says_the_same_again(&word);
                    each(word);
                }
                Ok(None) => break,
                Err(_) => return,
            }
        }
    }
}

/// What can be read can be written, and read again.
fn says_the_same_again<T>(word: &T)
where
    T: Serialize + DeserializeOwned + Debug,
{
    let Ok(bytes) = encode(word) else {
        return;
    };
    let mut reader = ControlReader::<T>::new(usize::MAX);
    reader.push(&bytes);
    let again = reader.next().ok().flatten().map(|word| format!("{word:?}"));
    assert_eq!(again, Some(format!("{word:?}")));
}

/// What the supervisor makes of the contents of a word.
fn heard(word: ToSupervisor) {
    match word {
        ToSupervisor::OtherBuild(theirs) => {
            let _ = shape::other_build(&catalog::shapes(), &theirs);
        }
        ToSupervisor::Object {
            message_type,
            site,
            body,
        } => {
            let envelope = Envelope::new(message_type, crate::AgentId::new(1, 0), site);
            let message = AnyMessage::received(envelope, Body::from(body));
            std::hint::black_box(format!("{message:?}"));
        }
        ToSupervisor::Sent(account) => audit(&[account]),
        ToSupervisor::Ended { outcome, sent, .. } => {
            audit(&sent);
            if let Outcome::Done(result) = outcome {
                let _ = crate::wire::codec::decode::<Vec<Option<String>>>(&result);
            }
        }
        _ => {}
    }
}

/// What an agent makes of it.
fn obeyed(word: ToAgent, directory: &mut Directory) {
    // The supervisor numbers its agents from nought, and agents trust it: a slot of four thousand million
    // would be the supervisor's own undoing first.
    let few = |change: &Change| {
        let id = match change {
            Change::Joined(member) => member.id,
            Change::Ended(id, _) | Change::Away { id, .. } => *id,
        };
        (id.slot() as usize) < crate::protocol::MOST_AGENTS
    };
    match word {
        ToAgent::Go(changes) | ToAgent::Changed(changes) => {
            let changes = changes.0.into_iter().filter(few);
            changes.for_each(|change| directory.apply(change));
        }
        _ => {}
    }
}
