//! The processes beside the marketplace: the sellers' system and the mail sink, from the same program file.

use std::fs::OpenOptions;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::process::{Child, Command};

use super::folder::DemoFolder;
use super::local;

/// Running processes. Each ends when the pipe to its input closes, so also when this process is killed.
pub struct Children(Vec<Child>);

impl Children {
    /// Starts both and waits until they listen.
    pub async fn start(folder: &DemoFolder) -> anyhow::Result<Children> {
        let ports = folder.state.ports;
        let path = |path: std::path::PathBuf| path.into_os_string();
        let mut children = Children(Vec::new());
        let seller = [
            "seller".into(),
            "--listen".into(),
            local(ports.seller).to_string().into(),
            "--key-file".into(),
            path(folder.key_file()),
            "--state".into(),
            path(folder.seller_state()),
            "--behaviour-file".into(),
            path(folder.behaviour_file()),
            "--site-folder".into(),
            path(folder.site_folder()),
        ];
        children.begin(folder, "seller", &seller)?;
        let sink = [
            "mail-sink".into(),
            "--smtp".into(),
            local(ports.smtp).to_string().into(),
            "--http".into(),
            local(ports.mail).to_string().into(),
        ];
        children.begin(folder, "mail-sink", &sink)?;
        for port in [ports.seller, ports.smtp, ports.mail] {
            children.wait_for(folder, port).await?;
        }
        Ok(children)
    }

    fn begin(&mut self, folder: &DemoFolder, name: &str, arguments: &[std::ffi::OsString]) -> anyhow::Result<()> {
        let program = std::env::current_exe().context("this program's own file")?;
        let log = folder.log(name);
        let open = || OpenOptions::new().create(true).append(true).open(&log);
        let (said, complained) =
            open().and_then(|file| Ok((file.try_clone()?, file))).with_context(|| log.display().to_string())?;
        let mut command = Command::new(program);
        command.args(arguments).arg("--end-with-input").env_remove("SOUK_CONFIG");
        command.stdin(Stdio::piped()).stdout(said).stderr(complained).kill_on_drop(true);
        // Ctrl-C reaches the whole group at once; these two must outlive the marketplace's last calls.
        #[cfg(unix)]
        command.process_group(0);
        self.0.push(command.spawn().with_context(|| format!("souk {name} cannot be started"))?);
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "another process is looked at until it listens")]
    async fn wait_for(&mut self, folder: &DemoFolder, port: u16) -> anyhow::Result<()> {
        for _ in 0..400 {
            if tokio::net::TcpStream::connect(local(port)).await.is_ok() {
                return Ok(());
            }
            for child in &mut self.0 {
                if let Some(status) = child.try_wait().context("a process of the demo")? {
                    bail!("a process of the demo ended with {status}; see {}", folder.path.join("logs").display());
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("port {port} of the demo does not answer; see {}", folder.path.join("logs").display())
    }

    /// Asks them to end and waits for it.
    pub async fn stop(self) {
        for mut child in self.0 {
            drop(child.stdin.take());
            let ended = tokio::time::timeout(Duration::from_secs(5), child.wait()).await;
            if ended.is_err() {
                tracing::warn!("A process of the demo did not end by itself and is killed");
            }
        }
    }
}
