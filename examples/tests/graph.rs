//! The graph in the README is the one that the command beside it prints.

use std::process::Command;

#[test]
fn the_graph_in_the_readme_is_what_the_archiver_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_archiver"))
        .args(["--multitools", "graph"])
        .env_remove("MULTITOOLS")
        .output()
        .unwrap();
    let graph = String::from_utf8(output.stdout).unwrap();
    assert!(graph.starts_with("flowchart"), "{graph}");
    let drawn = format!("```mermaid\n{graph}```\n");
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&drawn), "the README has not: {drawn}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "a warning");
}
