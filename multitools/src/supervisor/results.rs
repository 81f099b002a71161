//! What the agents return.

use super::RunError;
use crate::error::DecodeError;
use crate::output::Output;
use crate::wire::codec;
use serde::de::DeserializeOwned;

/// The results of a run that succeeded.
#[derive(Debug)]
pub struct Results {
    agents: Vec<(String, Vec<u8>)>,
    refused: u64,
    unhandled: u64,
}

impl Results {
    pub(super) fn new(agents: Vec<(String, Vec<u8>)>, refused: u64, unhandled: u64) -> Results {
        Results {
            agents,
            refused,
            unhandled,
        }
    }

    /// The result of one agent.
    ///
    /// # Errors
    /// [`RunError::Result`] when the claim is of another supervisor, or the type's `Deserialize` does
    /// not read what its `Serialize` has written.
    pub fn take<T: DeserializeOwned>(&mut self, output: Output<T>) -> Result<T, RunError> {
        let Some((agent, result)) = self.agents.get(output.index) else {
            return Err(RunError::Result {
                agent: format!("number {}", output.index),
                source: DecodeError::Malformed {
                    expected: std::any::type_name::<T>(),
                    reason: "there was no such agent in this run".into(),
                },
            });
        };
        codec::decode(result).map_err(|source| RunError::Result {
            agent: agent.clone(),
            source,
        })
    }

    /// How many connections and frames the agents have turned away because they did not belong to the
    /// run.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// How many messages found no handler (rule R9).
    #[must_use]
    pub fn unhandled(&self) -> u64 {
        self.unhandled
    }
}
