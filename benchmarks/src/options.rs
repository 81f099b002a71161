//! The command line.

use crate::job::{Result, Workload};
use lexopt::prelude::*;
use std::cell::Cell;
use std::path::PathBuf;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// One short round, to see that everything works.
    Smoke,
    /// Some rounds: two minutes in all.
    Quick,
    Full,
}

/// What the comparison is asked to do.
pub struct Options {
    pub effort: Effort,
    pub workloads: Vec<Workload>,
    pub json: Option<PathBuf>,
    pub svg: Option<PathBuf>,
    pub cores: Option<[usize; 2]>,
    pub input: Option<String>,
    rounds: Cell<u64>,
}

impl Options {
    /// What the arguments say; nothing where they ask for help.
    pub fn parse(mut arguments: lexopt::Parser) -> Result<Option<Options>> {
        let mut options = Options {
            effort: Effort::Full,
            workloads: Workload::ALL.to_vec(),
            json: None,
            svg: None,
            cores: None,
            input: None,
            rounds: Cell::new(0),
        };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("quick") => options.effort = Effort::Quick,
                Long("smoke") => options.effort = Effort::Smoke,
                Long("only") => options.workloads = workloads(&arguments.value()?.string()?)?,
                Long("json") => options.json = Some(arguments.value()?.into()),
                Long("svg") => options.svg = Some(arguments.value()?.into()),
                Long("cores") => options.cores = Some(cores(&arguments.value()?.string()?)?),
                Long("input") => options.input = Some(arguments.value()?.string()?),
                Long("help") | Short('h') => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Some(options))
    }

    /// A number for each round of this process.
    pub fn next_number(&self) -> u64 {
        self.rounds.replace(self.rounds.get() + 1)
    }
}

/// Some of all, in their usual order.
fn workloads(list: &str) -> Result<Vec<Workload>> {
    let names: Vec<&str> = list.split(',').collect();
    let unknown = |name: &&&str| {
        !Workload::ALL
            .iter()
            .any(|workload| workload.name() == **name)
    };
    if let Some(name) = names.iter().find(unknown) {
        return Err(format!("there is no workload {name}").into());
    }
    let wanted = |workload: &Workload| names.contains(&workload.name());
    Ok(Workload::ALL.into_iter().filter(wanted).collect())
}

fn cores(list: &str) -> Result<[usize; 2]> {
    let (first, second) = list
        .split_once(',')
        .ok_or("--cores takes two numbers: A,B")?;
    Ok([first.parse()?, second.parse()?])
}
