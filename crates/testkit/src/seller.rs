//! A seller's system in memory: answers what the test says, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ports::{FailureClass, LinkFailure, OutgoingCall, SellerAnswer, SellerLink};

type Script = Arc<dyn Fn(&OutgoingCall) -> Result<SellerAnswer, LinkFailure> + Send + Sync>;

/// Answers every call by the script that the test set last; without one, nobody is there.
#[derive(Default)]
pub struct ScriptedSeller {
    script: Mutex<Option<Script>>,
    calls: Mutex<Vec<OutgoingCall>>,
}

impl ScriptedSeller {
    /// From now on answers like this.
    pub fn will(&self, script: impl Fn(&OutgoingCall) -> Result<SellerAnswer, LinkFailure> + Send + Sync + 'static) {
        *self.script.lock().expect("nothing panics while it holds the script") = Some(Arc::new(script));
    }

    /// From now on answers 200 with this JSON.
    pub fn will_answer(&self, body: impl Into<String>) {
        let body = body.into();
        self.will(move |_| Ok(ScriptedSeller::json(200, &body)));
    }

    /// From now on fails like this.
    pub fn will_fail(&self, class: FailureClass) {
        self.will(move |_| Err(LinkFailure { class, detail: "as the test asked".to_owned(), elapsed_ms: 5 }));
    }

    /// An answer with a JSON body.
    pub fn json(status: u16, body: &str) -> SellerAnswer {
        SellerAnswer {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.as_bytes().to_vec(),
            elapsed_ms: 5,
        }
    }

    /// Every call so far, in order.
    pub fn calls(&self) -> Vec<OutgoingCall> {
        self.calls.lock().expect("nothing panics while it holds the calls").clone()
    }
}

#[async_trait]
impl SellerLink for ScriptedSeller {
    async fn send(&self, call: OutgoingCall) -> Result<SellerAnswer, LinkFailure> {
        // The script runs with nothing locked: it may hang or panic, as sellers do.
        let script = self.script.lock().expect("nothing panics while it holds the script").clone();
        self.calls.lock().expect("nothing panics while it holds the calls").push(call.clone());
        match script {
            Some(script) => script(&call),
            None => Err(LinkFailure {
                class: FailureClass::ConnectFailed,
                detail: "nobody is there".to_owned(),
                elapsed_ms: 1,
            }),
        }
    }
}
