//! When a command that serves ends: on a signal, or with the process that started it.
//!
//! *What is not here.* Draining: each command knows what it has in flight.

/// With whom a command ends.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Ending {
    /// End when standard input ends, too: a parent that dies takes this process with it.
    #[arg(long, hide = true)]
    end_with_input: bool,
}

/// Returns when the process is asked to stop, or its parent is gone.
pub async fn wait(ending: Ending) {
    if ending.end_with_input {
        tokio::select! {
            () = signal() => {}
            () = end_of_input() => {}
        }
    } else {
        signal().await;
    }
}

/// Returns when the process is asked to stop.
pub async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// A thread of its own, as reading standard input cannot be broken off; it must not keep the runtime from ending.
async fn end_of_input() {
    let (gone, ended) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let mut byte = [0];
        while matches!(std::io::Read::read(&mut std::io::stdin(), &mut byte), Ok(1..)) {}
        drop(gone);
    });
    let _ = ended.await;
}
