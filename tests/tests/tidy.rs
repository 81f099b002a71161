//! What the tree promises its reader: which module may name which, where `unsafe` lives, and that no
//! file outgrows a look.

#![allow(clippy::unwrap_used, clippy::panic)] // in a test that is how to fail

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules of the library a module may name. `ARCHITECTURE.md` gives the reasons.
const ARROWS: &[(&str, &[&str])] = &[
    ("sys", &[]),
    ("id", &[]),
    ("deadline", &[]),
    ("value", &["sys"]),
    ("error", &["id", "message", "value"]),
    ("output", &[]),
    ("shape", &[]),
    ("restart", &[]),
    ("limits", &["sys"]),
    ("wire", &["sys", "error", "id"]),
    ("message", &["catalog", "error", "id", "wire"]),
    (
        "catalog",
        &[
            "agent", "error", "limits", "message", "restart", "shape", "wire",
        ],
    ),
    ("graph", &["catalog", "message"]),
    ("router", &["id", "message"]),
    ("transport", &["deadline", "id", "sys", "wire"]),
    (
        "protocol",
        &[
            "error",
            "id",
            "limits",
            "message",
            "restart",
            "router",
            "shape",
            "sys",
            "transport",
            "wire",
        ],
    ),
    ("launch", &["catalog", "protocol", "sys", "value"]),
    (
        "agent",
        &[
            "catalog",
            "deadline",
            "error",
            "id",
            "limits",
            "message",
            "protocol",
            "restart",
            "router",
            "sys",
            "transport",
            "value",
            "wire",
        ],
    ),
    (
        "supervisor",
        &[
            "agent",
            "catalog",
            "deadline",
            "error",
            "id",
            "launch",
            "limits",
            "message",
            "output",
            "protocol",
            "restart",
            "router",
            "shape",
            "sys",
            "transport",
            "value",
            "wire",
        ],
    ),
    (
        "process_list",
        &[
            "agent",
            "catalog",
            "deadline",
            "error",
            "id",
            "launch",
            "output",
            "protocol",
            "shape",
            "supervisor",
            "sys",
            "wire",
        ],
    ),
    ("debug_logger", &["agent", "message"]),
    ("run", &[]),
];

const LONGEST_FILE: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// A file without its tests.
fn without_tests(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    code.to_owned()
}

/// The code of a file without its tests, comments and examples.
fn code(path: &Path) -> String {
    without_tests(path)
        .lines()
        .map(|line| line.split("//").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules that code names as `crate::name` or `use crate::{name, …}`.
fn named_modules(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap(),
            None => rest,
        };
        let single = !rest.starts_with('{');
        for item in list.split(',') {
            let name = item.trim().split("::").next().unwrap();
            let name: String = name
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            names.insert(name);
            if single {
                break;
            }
        }
    }
    names.retain(|name| ARROWS.iter().any(|(module, _)| module == name));
    names
}

fn is_test_file(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_string_lossy();
    let conformance = path.iter().any(|part| part == "conformance");
    name.ends_with("tests") || name == "memory" || conformance
}

#[test]
fn modules_name_only_what_stands_below_them() {
    let source = root().join("multitools/src");
    for path in rust_files(&source) {
        let inside = path.strip_prefix(&source).unwrap();
        let module = inside.iter().next().unwrap().to_string_lossy();
        let module = module.trim_end_matches(".rs");
        if ["lib", "__private", "__fuzz"].contains(&module) || is_test_file(&path) {
            continue;
        }
        let allowed = ARROWS.iter().find(|(name, _)| *name == module);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("`{module}` has no place in ARROWS"));
        for name in named_modules(&code(&path)) {
            assert!(
                name == module || allowed.contains(&name.as_str()),
                "{} names `{name}`, which does not stand below `{module}`",
                inside.display()
            );
        }
    }
}

#[test]
fn the_supervisor_knows_agents_by_their_traits_only() {
    for path in rust_files(&root().join("multitools/src/supervisor")) {
        for rest in code(&path).split("crate::agent::").skip(1) {
            let used = rest.split(';').next().unwrap();
            assert_eq!(used, "{Agent, Behaviour}", "in {}", path.display());
        }
    }
}

#[test]
fn unsafe_lives_where_memory_is_shared_only() {
    let source = root().join("multitools/src");
    let allowed = ["sys", "transport/shared_memory"].map(|folder| source.join(folder));
    let mut seen = 0;
    for path in rust_files(&source) {
        let code = code(&path);
        let inside = allowed.iter().any(|folder| path.starts_with(folder));
        let kinds = ["unsafe {", "#[unsafe(", "unsafe impl"];
        let blocks: usize = kinds.iter().map(|kind| code.matches(kind).count()).sum();
        assert!(
            (inside && !is_test_file(&path)) || !code.contains("unsafe"),
            "`unsafe` in {}",
            path.display()
        );
        let proofs = without_tests(&path).matches("// SAFETY:").count();
        assert_eq!(blocks, proofs, "proofs in {}", path.display());
        seen += blocks;
    }
    assert!(seen > 10, "{seen} blocks were found");
}

#[test]
fn no_file_outgrows_a_look() {
    for package in [
        "multitools",
        "multitools-macros",
        "examples",
        "tests",
        "ui-tests",
        "benchmarks/src",
    ] {
        for path in rust_files(&root().join(package)) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(
                lines <= LONGEST_FILE,
                "{} has {lines} lines",
                path.display()
            );
        }
    }
}

#[test]
fn the_architecture_page_names_every_module() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (module, _) in ARROWS {
        assert!(page.contains(&format!("`{module}`")), "{module}");
    }
}

/// The keys that the compiler names for an unknown one, as the tests of the diagnostics have it.
fn keys_known_to_the_macros(attribute: &str) -> BTreeSet<String> {
    let begin = format!("in `#[{attribute}(...)]`; expected one of: ");
    let mut stderr = Vec::new();
    files_with("stderr", &root().join("ui-tests/tests"), &mut stderr);
    let told = stderr.iter().find_map(|path| {
        let text = fs::read_to_string(path).unwrap();
        let line = text.lines().find_map(|line| line.split_once(&begin));
        line.map(|(_, keys)| keys.to_owned())
    });
    let told = told.unwrap_or_else(|| panic!("no test of an unknown key of `{attribute}`"));
    told.split(", ").map(str::to_owned).collect()
}

fn files_with(extension: &str, folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with(extension, &path, files);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
}

#[test]
fn the_page_of_keys_names_exactly_those_that_there_are() {
    let page = fs::read_to_string(root().join("docs/attributes.md")).unwrap();
    for attribute in ["agent", "logger", "process", "message"] {
        let rows = page.lines().filter_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [key, on, _, _, _] = cells[..] else {
                return None;
            };
            let is_of_it = on.split(", ").any(|one| one == attribute);
            is_of_it.then(|| key.trim_matches('`').to_owned())
        });
        let written: Vec<String> = rows.collect();
        let once: BTreeSet<String> = written.iter().cloned().collect();
        assert_eq!(once.len(), written.len(), "{attribute}: {written:?}");
        assert_eq!(once, keys_known_to_the_macros(attribute), "{attribute}");
    }
}

#[test]
fn the_guide_names_every_message_of_the_library() {
    let guide = fs::read_to_string(root().join("docs/guide.md")).unwrap();
    let tree = guide.split("```text\nAnyMessage\n").nth(1).unwrap();
    let tree = tree.split("```").next().unwrap();
    let named: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| {
            line.trim_start_matches(['│', '├', '└', '─', ' '])
                .split(' ')
                .next()
        })
        .collect();
    let sources = ["builtin.rs", "down.rs"].map(|file| {
        let path = root().join("multitools/src/message").join(file);
        without_tests(&path)
    });
    let declared: BTreeSet<&str> = sources
        .iter()
        .flat_map(|source| source.split("name = \"multitools.").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(declared.len() > 10, "{declared:?}");
    assert_eq!(named, declared);
}
