//! What people type wrong, and what they are told.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use anyhow::Result;
use subrosa_crypto::passphrase::Passphrase;
use subrosa_e2e::{
    programme::{PROGRAMME, Programme, new_source, rng},
    whole_case::form,
    wire::Wire,
};
use subrosa_engine::{
    api::Api,
    message::{Message, MessageError},
    source::{Source, SourceError, TipForm},
};

#[tokio::test]
async fn a_person_is_told_what_is_wrong_and_what_is_kept() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (passphrase, master) = new_source();
    let (mut source, _) = p.file_tip(&master, form(Vec::new())).await?;
    let words = passphrase.words();

    // The words: which one is not on the list; the checksum; sloppy typing is fine.
    let list: Vec<&str> = words.split(' ').collect();
    let mut wrong = list.clone();
    wrong[4] = "xylophonist";
    let error = Passphrase::parse(&wrong.join(" ")).err().unwrap().to_string();
    assert!(error.starts_with("Word 5, \"xylophonist\", is not on the word list."), "{error}");
    let swapped = subrosa_crypto::passphrase::word_list()
        .iter()
        .filter(|w| **w != list[0])
        .find_map(|w| {
            let mut other = list.clone();
            other[0] = *w;
            Passphrase::parse(&other.join(" ")).err()
        })
        .unwrap()
        .to_string();
    assert!(swapped.contains("they do not fit together (the checksum is wrong)"), "{swapped}");
    assert!(Passphrase::parse(&list[..11].join(" ")).is_err());
    let sloppy = format!("  {}  ", words.to_uppercase().replace(' ', " \n "));
    assert_eq!(*Passphrase::parse(&sloppy).unwrap().words(), *words);

    // Twelve good words that belong to nobody.
    p.next_epoch().await?;
    let (_, stranger) = new_source();
    let error = p.source(&stranger).await.unwrap_err().to_string();
    assert!(error.contains("nothing was found for this passphrase"), "{error}");
    // The same words at another programme are another key.
    let elsewhere = Passphrase::parse(&words).unwrap().master_key("another.example");
    assert!(p.source(&elsewhere).await.is_err());
    assert!(
        Passphrase::parse(&words).unwrap().master_key(PROGRAMME).derive("x", &[]).expose()
            == master.derive("x", &[]).expose()
    );

    // Nothing at all: it is refused before anything is sent.
    for blank in ["", " \n", "\u{200b}"] {
        let (_, other) = new_source();
        let empty = TipForm { narrative: blank.into(), ..form(Vec::new()) };
        let error = p.file_tip(&other, empty).await.unwrap_err().to_string();
        assert!(error.contains("the text is empty") && error.contains("Nothing was sent"), "{blank:?}: {error}");
        let error =
            source.send(&Message::Text { text: blank.into(), files: Vec::new() }, &mut rng()).await.unwrap_err();
        assert!(matches!(error, SourceError::Empty), "{blank:?}: {error}");
    }

    // The twelve words where others would read them: in the story, in an answer, in a message.
    let told = format!("I am back.\n{}\nPlease answer.", words.to_uppercase());
    let answered = TipForm { answers: [("who".to_owned(), told.clone())].into(), ..form(Vec::new()) };
    for tip in [TipForm { narrative: told.clone(), ..form(Vec::new()) }, answered] {
        let error = p.file_tip(&new_source().1, tip).await.unwrap_err().to_string();
        assert!(error.contains("They are for you alone") && error.contains("nothing of it was sent"), "{error}");
    }
    let error = source.send(&Message::Text { text: told, files: Vec::new() }, &mut rng()).await.unwrap_err();
    assert!(matches!(error, SourceError::OwnWords), "{error}");

    // Too much for one message: nothing is sent, and the next one goes through.
    let long = Message::Text { text: "long ".repeat(20_000), files: Vec::new() };
    let error = source.send(&long, &mut rng()).await.unwrap_err();
    assert!(matches!(error, SourceError::Message(MessageError::TooLong(_))));
    assert!(error.to_string().contains("put long text into a file"), "{error}");

    // Back too early: the last visit's state is not listed yet.
    source.send(&Message::Text { text: "short".into(), files: Vec::new() }, &mut rng()).await?;
    match p.source(&master).await {
        Ok(_) => {}
        Err(e) => assert!(e.to_string().contains("not listed yet; come back in a few minutes"), "{e}"),
    }
    p.everybody_visits().await?;
    assert_eq!(p.case(0).await?.case().messages().len(), 2);

    // The server is down.
    let (url, directory) = (p.server.url.clone(), p.newest().await?);
    p.server.stop()?;
    let error =
        Source::restore(Api::new(Wire::new(&url)?), directory, master, &mut rng()).await.unwrap_err().to_string();
    assert!(error.contains("could not be reached") && error.contains("nothing was lost, try again"), "{error}");
    assert!(!error.contains("127.0.0.1"), "an error text may be seen by others: {error}");
    Ok(())
}
