//! A generated package, checked and built by cargo.

use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime};

/// A package of its own, with one file.
pub struct Project {
    name: &'static str,
    folder: PathBuf,
    target: PathBuf,
}

impl Project {
    /// Writes a package whose `main.rs` is this text.
    pub fn create(name: &'static str, text: &str) -> Result<Project, Box<dyn Error>> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let packages = here.join("target/compile");
        let folder = packages.join(name);
        fs::create_dir_all(folder.join("src"))?;
        let library = here.join("../multitools").canonicalize()?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nmultitools = {{ path = {library:?} }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\n\n[profile.release]\nstrip = true\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/main.rs"), text)?;
        // The versions of this package, so that nothing has to be looked up.
        fs::copy(here.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let target = packages.join("target");
        Ok(Project {
            name,
            folder,
            target,
        })
    }

    /// The seconds of `cargo check` after the file has been touched.
    pub fn check(&self, incremental: bool) -> Result<f64, Box<dyn Error>> {
        let file = File::options()
            .append(true)
            .open(self.folder.join("src/main.rs"))?;
        file.set_modified(SystemTime::now())?;
        let begun = Instant::now();
        self.cargo(&["check"], incremental)?;
        Ok(begun.elapsed().as_secs_f64())
    }

    /// The bytes of the program as `cargo build --release` makes it, without symbols.
    pub fn stripped_size(&self) -> Result<u64, Box<dyn Error>> {
        self.cargo(&["build", "--release"], false)?;
        let program = self.target.join("release").join(self.name);
        Ok(fs::metadata(program)?.len())
    }

    fn cargo(&self, arguments: &[&str], incremental: bool) -> Result<(), Box<dyn Error>> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let status = Command::new(cargo)
            .args(arguments)
            .args(["--quiet", "--offline"])
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", if incremental { "1" } else { "0" })
            .current_dir(&self.folder)
            .status()?;
        match status.success() {
            true => Ok(()),
            false => Err(format!("cargo {arguments:?} failed for `{}`", self.name).into()),
        }
    }
}
