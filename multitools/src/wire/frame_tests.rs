use super::*;
use crate::wire::head::HEAD;
use proptest::prelude::*;

fn envelope(message_type: u32, site: u32, slot: u32, incarnation: u16) -> Envelope {
    Envelope::new(message_type, AgentId::new(slot, incarnation), site)
}

fn message(envelope: &Envelope, request: Option<(u64, Duration)>, body: &[u8]) -> Vec<u8> {
    let head = Head::message(*envelope, request).with_length(body.len());
    let head = head.unwrap();
    let mut buffer = vec![0; head.size()];
    head.write(&mut buffer);
    buffer.extend_from_slice(body);
    buffer
}

fn read_all(bytes: &[u8], cuts: &[usize], limit: usize) -> Result<Vec<Frame>, FrameError> {
    let mut reader = FrameReader::new(limit);
    let mut frames = Vec::new();
    let mut rest = bytes;
    for cut in cuts.iter().copied().chain([usize::MAX]) {
        let (now, later) = rest.split_at(cut.min(rest.len()));
        reader.push(now, |frame| {
            frames.push(frame);
            Ok(())
        })?;
        rest = later;
    }
    Ok(frames)
}

proptest! {
    #[test]
    fn frames_survive_any_fragmentation(
        parts in prop::collection::vec(
            (any::<u32>(), any::<u32>(), any::<u32>(), any::<u16>(),
             prop::option::of((any::<u64>(), any::<u32>())), prop::collection::vec(any::<u8>(), 0..200)),
            0..8),
        cuts in prop::collection::vec(0usize..90, 0..40),
    ) {
        let mut bytes = Vec::new();
        let mut expected = Vec::new();
        for (message_type, site, slot, incarnation, request, body) in parts {
            let envelope = envelope(message_type, site, slot, incarnation);
            let request = request.map(|(n, micros)| (n, Duration::from_micros(micros.into())));
            bytes.extend(message(&envelope, request, &body));
            expected.push(Frame::Message { envelope, request, body });
        }
        prop_assert_eq!(read_all(&bytes, &cuts, 1000).unwrap(), expected);
    }

    #[test]
    fn what_is_taken_for_a_plain_message_is_one(
        words in prop::array::uniform3(any::<u64>()), is_plain in any::<bool>(), length in 0u32..5000,
    ) {
        let first = if is_plain { 1 << 32 | u64::from(length) } else { words[0] };
        let words = [first, words[1], words[2]];
        let head = Head::of_words(|n| words.get(n).copied(), usize::MAX);
        match Head::of_plain_message(words) {
            Some((envelope, length)) => {
                let plain = Head::message(envelope, None).with_length(length);
                prop_assert_eq!(head, Ok(plain));
            }
            None => prop_assert!(!is_plain),
        }
    }

    #[test]
    fn noise_never_panics_and_never_allocates_past_the_limit(
        noise in prop::collection::vec(any::<u8>(), 0..500),
        cuts in prop::collection::vec(0usize..60, 0..20),
    ) {
        if let Ok(frames) = read_all(&noise, &cuts, 64) {
            for frame in frames {
                if let Frame::Message { body, .. } = frame {
                    prop_assert!(body.len() <= 64);
                }
            }
        }
    }

    #[test]
    fn replies_survive(request: u64, value in prop::collection::vec(any::<u8>(), 0..100), text: String) {
        for answer in [Answer::Value(value), Answer::Unhandled, Answer::Failed(text)] {
            let frames = read_all(&reply(request, &answer.borrowed()), &[7, 20, 3], 10_000).unwrap();
            prop_assert_eq!(frames, vec![Frame::Reply { request, answer }]);
        }
    }
}

#[test]
fn a_frame_over_the_limit_is_refused_by_its_header() {
    let bytes = message(&envelope(0, 0, 0, 0), None, &[0; 65]);
    let error = FrameError::TooLarge {
        size: 65,
        limit: 64,
    };
    assert_eq!(read_all(&bytes[..HEAD], &[], 64), Err(error));
}

#[test]
fn a_greeting_of_another_run_is_refused() {
    let greeting = Greeting {
        token: [7; 16],
        sender: AgentId::new(3, 1),
    };
    let bytes = greeting.to_bytes();
    assert_eq!(Greeting::check(&bytes, &[7; 16]), Ok(AgentId::new(3, 1)));
    assert_eq!(Greeting::check(&bytes, &[8; 16]), Err(FrameError::Greeting));
    let mut other_version = bytes;
    other_version[7] = 2;
    assert_eq!(
        Greeting::check(&other_version, &[7; 16]),
        Err(FrameError::Greeting)
    );
}
