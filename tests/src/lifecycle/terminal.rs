//! A program in a terminal of its own.

use super::{LONG, Program};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

/// A terminal with a program in its foreground, seen from the side of the person who types.
pub struct Terminal {
    child: std::process::Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    shown: Vec<u8>,
}

impl Terminal {
    /// Starts a program as the leader of a session with a new terminal. `opener` is the program of this
    /// package that takes the terminal and runs the other.
    pub fn start(opener: &str, arguments: &[&str]) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .expect("a terminal");
        grantpt(&master).expect("a terminal of ours");
        unlockpt(&master).expect("a terminal that opens");
        let name = ptsname(&master, Vec::new()).expect("a terminal with a name");
        let slave = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(i32::try_from(OpenptFlags::NOCTTY.bits()).expect("a flag"))
            .open(name.to_str().expect("a path"))
            .expect("the other side of the terminal");
        let end = || Stdio::from(slave.try_clone().expect("a descriptor"));
        let child = Command::new(opener)
            .args(arguments)
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .expect("the program starts");
        drop(slave);
        let keyboard = File::from(master);
        let mut display = keyboard.try_clone().expect("a descriptor");
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = display.read(&mut chunk) {
                let _ = sender.send(chunk[..read].to_vec());
            }
        });
        Terminal {
            child,
            keyboard,
            screen,
            shown: Vec::new(),
        }
    }

    /// What the screen has shown.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown).replace('\r', "")
    }

    /// Presses keys; `\x03` is Ctrl-C.
    pub fn press(&mut self, keys: &str) {
        let typed = self.keyboard.write_all(keys.as_bytes());
        typed.expect("the terminal is open");
    }

    /// Waits until the screen shows a text.
    pub fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + LONG;
        while !self.shown().contains(text) {
            let heard = self.hear(deadline);
            assert!(heard, "{text} was waited for in vain:\n{}", self.shown());
        }
    }

    /// Waits for the line `<name> <number>`, in which an agent tells its pid.
    pub fn pid_of(&mut self, name: &str) -> u32 {
        self.wait_for(&format!("{name} "));
        loop {
            if let Some(pid) = super::told(&self.shown(), name) {
                return pid;
            }
            assert!(self.hear(Instant::now() + LONG), "{}", self.shown());
        }
    }

    /// Waits until the program has ended. Its exit code, and all that the screen has shown.
    pub fn finish(mut self) -> (i32, String) {
        let code = |shown: &str| {
            let (before, code) = shown.split_once("--- ended with code ")?;
            Some((code.strip_suffix('\n')?.parse().ok()?, before.to_owned()))
        };
        let deadline = Instant::now() + LONG;
        loop {
            if let Some(finished) = code(&self.shown()) {
                return finished;
            }
            assert!(self.hear(deadline), "it goes on:\n{}", self.shown());
        }
    }

    fn hear(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.screen.recv_timeout(left) {
            Ok(bytes) => {
                self.shown.extend(bytes);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    /// [`start`](Self::start) of a program and its arguments.
    pub fn run(program: &str, arguments: &[&str]) -> Program {
        Program::start(Command::new(program).args(arguments))
    }
}
