//! The sealed intake: who holds it open for nothing, and what is pasted by mistake.

use std::time::Duration;

use anyhow::{Result, ensure};
use subrosa_e2e::stage::Stage;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The beginning of a form that promises `length` bytes.
fn form(length: usize, text: &str) -> Vec<u8> {
    format!(
        "POST /sealed HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\
         content-type: multipart/form-data; boundary=edge\r\n\r\n\
         --edge\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n{text}"
    )
    .into_bytes()
}

async fn sent(address: &str, bytes: &[u8]) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(bytes).await?;
    Ok(stream)
}

async fn answer(stream: &mut TcpStream) -> Result<String> {
    let mut all = Vec::new();
    timeout(Duration::from_secs(60), stream.read_to_end(&mut all)).await??;
    Ok(String::from_utf8_lossy(&all).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_nothing_does_not_close_the_intake() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4)?;
    stage.open_intake(&["anna"])?;
    let address = stage.url.trim_start_matches("http://").to_owned();
    let mut idle = Vec::new();
    for _ in 0..60 {
        idle.push(sent(&address, &form(4_000_000, "\r\n-----BEGIN AGE ENCRYPTED FILE-----\r\n")).await?);
    }
    // Two seconds and a little are everybody's to begin with.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let recorded = include_bytes!("../../../vectors/intake/recorded.json");
    let files: serde_json::Value = serde_json::from_slice(recorded)?;
    let file = hex::decode(files["files"][0]["file"].as_str().unwrap_or_default()).map_err(anyhow::Error::msg)?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut body = b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.age\"\r\n\r\n".to_vec();
    body.extend_from_slice(&file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    for _ in 0..5 {
        let request = client.post(format!("{}/sealed", stage.url)).body(body.clone());
        let r = request.header("content-type", "multipart/form-data; boundary=edge").send().await?;
        ensure!(r.status() == 200, "{}", r.text().await?);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn plaintext_is_refused_by_its_first_bytes() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4)?;
    stage.open_intake(&["anna"])?;
    let address = stage.url.trim_start_matches("http://").to_owned();
    // A megabyte is promised, two lines are sent: the answer is there before the rest.
    let mut stream = sent(&address, &form(1_000_000, "My name is Ada, and on the third of March\r\nI saw")).await?;
    let said = answer(&mut stream).await?;
    ensure!(said.starts_with("HTTP/1.1 400") && said.contains("not a whole age file"), "{said}");
    // White space around armour is nobody's mistake; armour that ends early is told apart from none.
    let cut = "\r\n\r\n-----BEGIN AGE ENCRYPTED FILE-----\r\nYWdl\r\n";
    let whole = format!("{cut}\r\n--edge--\r\n");
    let mut stream = sent(&address, &form(whole.len() + 62, &whole)).await?;
    let said = answer(&mut stream).await?;
    ensure!(said.starts_with("HTTP/1.1 400"), "{said}");
    for part in ["incoming", "ready"] {
        ensure!(std::fs::read_dir(stage.folder.join("sealed").join(part))?.count() == 0, "{part}");
    }
    Ok(())
}
