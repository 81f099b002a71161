//! Why an agent gives up.

use multitools::{DecodeError, RecvError, SendError};
use multitools_examples::archiver::{CompressError, DraftError, OrderError};
use std::path::PathBuf;
use thiserror::Error;

/// Why an agent gives up.
#[derive(Debug, Error)]
pub enum Failure {
    #[error(transparent)]
    Messaging(#[from] multitools::Error),
    #[error(transparent)]
    Compress(#[from] CompressError),
    #[error(transparent)]
    Draft(#[from] DraftError),
    #[error("cannot write {path:?}: {error}")]
    Write { path: PathBuf, error: OrderError },
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Failure {
        Failure::Messaging(error.into())
    }
}

impl From<DecodeError> for Failure {
    fn from(error: DecodeError) -> Failure {
        Failure::Messaging(error.into())
    }
}

impl From<RecvError> for Failure {
    fn from(error: RecvError) -> Failure {
        Failure::Messaging(error.into())
    }
}
