use std::{
    sync::{Arc, Mutex, Weak, mpsc},
    thread::{self, JoinHandle},
};

use setwise_e2e::Stack;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// One whole Setwise for all tests of this binary that run at the same time; the last of them
/// stops it.
pub struct Shared {
    stack: Option<Arc<Stack>>,
    done: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());

impl Shared {
    pub fn stack() -> Arc<Self> {
        let mut shared = SHARED.lock().expect("Setwise started");
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let started = Arc::new(Self::start());
        *shared = Arc::downgrade(&started);
        started
    }

    /// A test's runtime ends with its test: Setwise has one of its own.
    fn start() -> Self {
        let (tell, told) = mpsc::channel();
        let done = CancellationToken::new();
        let until = done.clone();
        let thread = thread::spawn(move || {
            let runtime = Runtime::new().expect("a runtime");
            runtime.block_on(async {
                let stack = Arc::new(Stack::start().await);
                tell.send(Arc::clone(&stack))
                    .expect("who asked still waits");
                until.cancelled().await;
                let stack = Arc::into_inner(stack).expect("nobody else uses it");
                stack.stop().await;
            });
        });
        Self {
            stack: Some(told.recv().expect("Setwise starts")),
            done,
            thread: Some(thread),
        }
    }

    /// The key that signs access tokens.
    pub fn token_signing_key(&self) -> String {
        let file = "secrets/token-signing-key.pem";
        std::fs::read_to_string(self.running.data.join(file)).expect("the signing key")
    }
}

impl std::ops::Deref for Shared {
    type Target = Stack;

    fn deref(&self) -> &Stack {
        self.stack.as_ref().expect("until it is dropped")
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.stack = None;
        self.done.cancel();
        let stopped = self
            .thread
            .take()
            .is_none_or(|thread| thread.join().is_ok());
        assert!(
            stopped || thread::panicking(),
            "Setwise did not stop cleanly"
        );
    }
}
