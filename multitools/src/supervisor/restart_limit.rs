//! The limit of restarts, where an agent has used it up (rule R14).

use super::member::Member;
use super::notice::in_seconds;
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// How often an agent, or its group, may be started again: it has been as often, and has failed once more,
/// or has ended well once more where it is to be started again whenever it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RestartLimit {
    /// How often at most.
    pub max: u32,
    /// Within which time. Serialised as `within_seconds`.
    #[serde(rename = "within_seconds", serialize_with = "in_seconds")]
    pub within: Duration,
    /// The group that the restarts are counted for, if it is in one.
    pub group: Option<&'static str>,
}

impl RestartLimit {
    /// The limit that keeps an agent from being started again.
    pub(super) fn used_up(member: &Member) -> Option<RestartLimit> {
        let again = member.again.as_ref().filter(|again| again.exhausted)?;
        let (max, within) = again.policy.limit();
        let group = again.policy.together().map(|(group, _)| group);
        Some(RestartLimit { max, within, group })
    }
}

impl fmt::Display for RestartLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RestartLimit { max, within, group } = self;
        match group {
            None => f.write_str("its limit")?,
            Some(group) => write!(f, "the limit of its group `{group}`")?,
        }
        let times = if *max == 1 { "restart" } else { "restarts" };
        write!(f, " of {max} {times} within {within:?} is used up")
    }
}
