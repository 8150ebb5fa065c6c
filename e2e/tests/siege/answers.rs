//! Memory for answers: asked for and not read.

use anyhow::Result;

use super::field::{Field, crowd};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_and_does_not_read_holds_no_memory() -> Result<()> {
    let field = Field::start()?;
    // More than a socket's buffer holds, in one go.
    let one = b"GET /style.css HTTP/1.1\r\nhost: x\r\n\r\n";
    let many = one.repeat(300);
    field.withstand("answers that nobody reads", |address, over| crowd(address, over, 200, many.clone(), b"G")).await
}
