//! Ctrl-C while a supervisor runs, and the way it was once none does.

use mio::net::UnixStream;
use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::low_level;
use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many supervisors of this process are running.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Readable after SIGINT or SIGTERM. While none exists, both signals do what they did before the first.
pub(crate) struct StopSignals {
    receiver: UnixStream,
    registered: Vec<SigId>,
}

impl StopSignals {
    /// Begins to receive the signals.
    pub(crate) fn receive() -> io::Result<StopSignals> {
        default_while_idle()?;
        let (sender, receiver) = UnixStream::pair()?;
        let sender = Arc::new(sender);
        let mut signals = StopSignals {
            receiver,
            registered: Vec::new(),
        };
        RUNNING.fetch_add(1, Ordering::SeqCst);
        for signal in [SIGINT, SIGTERM] {
            let sender = std::os::fd::AsFd::as_fd(&*sender).try_clone_to_owned()?;
            signals
                .registered
                .push(low_level::pipe::register(signal, sender)?);
        }
        Ok(signals)
    }

    /// How many signals have come since the last call.
    pub(crate) fn take(&mut self) -> usize {
        let mut buffer = [0; 64];
        let mut count = 0;
        while let Ok(read @ 1..) = self.receiver.read(&mut buffer) {
            count += read;
        }
        count
    }

    /// What to wait on.
    pub(crate) fn source(&mut self) -> &mut UnixStream {
        &mut self.receiver
    }
}

impl Drop for StopSignals {
    fn drop(&mut self) {
        for id in &self.registered {
            low_level::unregister(*id);
        }
        RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Signal handlers, once installed, stay: this one does what the system would have done. Where the
/// program ignores the signal or handles it, that goes on by itself.
fn default_while_idle() -> io::Result<()> {
    static INSTALLED: OnceLock<Mutex<bool>> = OnceLock::new();
    let mut installed = INSTALLED
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if !*installed {
        let taken = taken()?;
        for signal in [SIGINT, SIGTERM] {
            if taken & 1 << (signal - 1) == 0 {
                register_default(signal)?;
            }
        }
        *installed = true;
    }
    Ok(())
}

/// The signals that something in this process handles or ignores, a bit for each.
fn taken() -> io::Result<u64> {
    let status = super::read_text("/proc/self/status")?;
    let masks = status.lines().filter_map(|line| {
        let mask = line
            .strip_prefix("SigIgn:")
            .or_else(|| line.strip_prefix("SigCgt:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    });
    Ok(masks.fold(0, |taken, mask| taken | mask))
}

#[allow(unsafe_code)]
fn register_default(signal: i32) -> io::Result<()> {
    let action = move || {
        if RUNNING.load(Ordering::SeqCst) == 0 {
            let _ = low_level::emulate_default_handler(signal);
        }
    };
    // SAFETY: the action reads an atomic and calls `emulate_default_handler`, which is documented to
    // be async-signal-safe; it neither allocates nor locks nor panics.
    unsafe { low_level::register(signal, action) }?;
    Ok(())
}
