//! Memory that processes share, as a file without a name that can neither shrink nor grow.

use rustix::fs::{
    MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, ftruncate, memfd_create,
};
use rustix::process::{Resource, getrlimit};
use std::io;
use std::os::fd::{AsFd, OwnedFd};

/// Makes `len` bytes of nought, which cost nothing before they are touched.
pub(super) fn create(name: &str, len: u64) -> io::Result<OwnedFd> {
    // The system would not only refuse it, but kill this process with SIGXFSZ.
    let longest = getrlimit(Resource::Fsize).current;
    if longest.is_some_and(|longest| longest < len) {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let descriptor = memfd_create(name, MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    ftruncate(&descriptor, len)?;
    fcntl_add_seals(
        &descriptor,
        SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL,
    )?;
    Ok(descriptor)
}

/// Refuses what could shrink while it is mapped: to touch what is gone would be a fault.
pub(super) fn check(descriptor: impl AsFd) -> io::Result<()> {
    match fcntl_get_seals(descriptor)?.contains(SealFlags::SHRINK) {
        true => Ok(()),
        false => Err(io::Error::other("the shared memory may shrink")),
    }
}
