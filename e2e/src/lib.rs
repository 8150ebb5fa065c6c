//! A whole programme for proofs: the real server as a process of its own, officers, administrators and sources as the
//! engines of `subrosa-engine`, and a wire between them that can be listened to and tampered with.

pub mod desk_session;
pub mod disk;
pub mod keys;
pub mod onion;
pub mod port;
pub mod programme;
pub mod proxy;
pub mod server;
pub mod stage;
pub mod stolen_keys;
pub mod whole_case;
pub mod wire;
