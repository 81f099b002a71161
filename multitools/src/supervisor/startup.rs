//! Starting the processes of a run.

use super::RunError;
use super::builder::{Plan, Settings, Work};
use super::events::EventSource;
use super::member::{AgentSide, Member, StandardError};
use super::outbound::{Outbound, word};
use crate::catalog::{self, AgentEntry};
use crate::id::AgentId;
use crate::launch::{launch, spawn_watched};
use crate::protocol::{ControlReader, RunIdentity, Start, StatusPage, ToAgent};
use crate::router;
use crate::sys;
use crate::transport::{self, Backend, Limits};
use std::collections::HashMap;
use std::io;
use std::process::{Command, Stdio};

/// The members of a run while they are being started. Dropped before all have been, it kills them.
pub(super) struct Starting {
    pub(super) members: Members,
    pub(super) backend: Backend,
    identity: RunIdentity,
    settings: Settings,
}

/// The processes of a run. None of them outlives it.
#[derive(Default)]
pub(super) struct Members(pub(super) Vec<Member>);

impl Drop for Members {
    fn drop(&mut self) {
        for member in self.0.iter_mut().filter(|member| !member.is_gone()) {
            member.kill();
            let _ = member.child.wait();
        }
    }
}

impl Starting {
    pub(super) fn new(settings: Settings) -> Result<Starting, RunError> {
        sys::descriptors::raise_limit();
        Ok(Starting {
            members: Members::default(),
            backend: transport::choose(Limits {
                mailbox: settings.agents.mailbox_bytes,
                message: settings.agents.message_limit,
            }),
            identity: new_identity()?,
            settings,
        })
    }

    /// Starts one process and watches it.
    pub(super) fn start(&mut self, plan: Plan, events: &EventSource) -> Result<(), RunError> {
        let index = self.members.0.len();
        let id = AgentId::new(u32::try_from(index).unwrap_or(u32::MAX), 0);
        let path = match &plan.work {
            Work::Agent { entry, .. } => entry.path,
            Work::Command(_) => "command",
        };
        let label = match &plan.name {
            Some(name) => name.clone(),
            None => format!("{id} ({path})"),
        };
        let started = match plan.work {
            Work::Agent { entry, arguments } => {
                self.start_agent(id, plan.name, &label, entry, arguments)
            }
            Work::Command(command) => start_command(id, plan.name, &label, command),
        };
        let failed = |source| RunError::Start {
            agent: label.clone(),
            source,
        };
        let member = started.map_err(failed)?;
        self.members.0.push(member);
        events
            .watch(index, &self.members.0[index])
            .map_err(|source| RunError::Start {
                agent: label,
                source,
            })
    }

    fn start_agent(
        &self,
        id: AgentId,
        name: Option<String>,
        label: &str,
        entry: &'static AgentEntry,
        arguments: Vec<u8>,
    ) -> io::Result<Member> {
        let status = StatusPage::create()?;
        let memory = match &self.backend {
            Backend::SharedMemory(estate) => Some(estate.descriptor()),
            Backend::LocalSockets => None,
        };
        let mut launched = launch(
            self.settings.under_test,
            true,
            &status,
            memory,
            Stdio::piped(),
        )?;
        let stderr = launched.child.stderr.take();
        let stderr = stderr.ok_or_else(|| io::Error::other("the standard error is not a pipe"))?;
        launched.control.set_nonblocking(true)?;
        let start = Start {
            agent: entry.key(),
            id,
            name: name.clone(),
            arguments,
            fingerprint: catalog::fingerprint(),
            run: Some(self.identity),
            settings: self.settings.agents,
        };
        let mut outbound = Outbound::default();
        if let Some(word) = word(&ToAgent::Start(Box::new(start))) {
            outbound.send(&launched.control, word);
        }
        Ok(Member {
            id,
            label: label.to_owned(),
            name,
            watch: launched.watch,
            child: launched.child,
            agent: Some(AgentSide {
                entry,
                control: launched.control,
                reader: ControlReader::new(),
                outbound,
                status,
                stderr: StandardError::new(stderr)?,
                unheard: Vec::new(),
                sites: HashMap::new(),
                silent: false,
                gibberish: None,
            }),
            ready: false,
            outcome: None,
            ended_at: None,
            unfit: None,
            exit: None,
            killed_for_staying: false,
        })
    }
}

fn start_command(
    id: AgentId,
    name: Option<String>,
    label: &str,
    mut command: Command,
) -> io::Result<Member> {
    sys::process::bind_to_parent(&mut command);
    let (child, watch) = spawn_watched(&mut command)?;
    Ok(Member {
        id,
        label: label.to_owned(),
        name,
        agent: None,
        watch,
        child,
        ready: true,
        outcome: None,
        ended_at: None,
        unfit: None,
        exit: None,
        killed_for_staying: false,
    })
}

/// A name for the run that no other run has, and a secret.
fn new_identity() -> Result<RunIdentity, RunError> {
    let mut random = [0; 24];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    let (run, token) = random.split_at(8);
    let mut identity = RunIdentity {
        run: 0,
        token: [0; 16],
    };
    identity.token.copy_from_slice(token);
    identity.run = run.iter().fold(0, |run, byte| run << 8 | u64::from(*byte));
    Ok(identity)
}

impl Members {
    /// What the agents are told of each other before they run.
    pub(super) fn directory(&self) -> Vec<router::Member> {
        let entry = |member: &Member| {
            let agent = member.agent.as_ref()?;
            Some(router::Member {
                id: member.id,
                name: member.name.clone(),
                agent: agent.entry.key(),
                listens: agent
                    .entry
                    .listens
                    .iter()
                    .map(crate::message::Ancestry::key)
                    .collect(),
            })
        };
        self.0
            .iter()
            .filter(|member| !member.is_gone())
            .filter_map(entry)
            .collect()
    }
}
