//! What a visit could not take in: one message, one submission, one case. None of them holds up the rest.

use subrosa_casework::refusal::Refusal;
use subrosa_crypto::{file::OpenFileError, intake::OpenSealedError, ratchet::RatchetError, sign::HolderId};
use thiserror::Error;

use crate::{api::ApiError, log_watch::LogFinding, message::MessageError, officer::JournalError};

/// Something that a member of the programme did not get on a visit, and what becomes of it.
#[derive(Debug, Error)]
pub enum Trouble {
    /// The network failed on the way. What was opened by then is used, the rest comes with the next visit.
    #[error("this visit ended early: {0}")]
    EndedEarly(ApiError),
    /// Something about the log that does not end the visit.
    #[error(transparent)]
    Log(#[from] LogFinding),
    /// The server says that it no longer keeps lists that this member has not read.
    #[error(
        "the server says that it no longer keeps the lists of epochs {from} to {to}, which you have not read: what stood in them for you is lost, or the server holds it back"
    )]
    ListsGone {
        /// The oldest of these epochs.
        from: u64,
        /// The newest of them.
        to: u64,
    },
    /// A first contact never opened, and the server no longer lists its epoch.
    #[error("a message that never opened is no longer kept by the server; it is lost")]
    MessageLost,
    /// A first contact is listed and not handed out.
    #[error("a message for you is listed, but the server does not hand it out; it is asked for again")]
    MessageWithheld,
    /// A first contact was altered on the way.
    #[error("a message could not be opened: {0}; it is asked for again")]
    MessageAltered(RatchetError),
    /// The keys that a first contact was sealed to are used up.
    #[error("a message could not be opened: {0}")]
    MessageKeyGone(RatchetError),
    /// A first contact arrived as it was sealed, and its inside is wrong.
    #[error("a message could not be read: {0}")]
    MessageDamaged(RatchetError),
    /// A message was opened and is not one that this program knows.
    #[error("a message could not be read: {0}")]
    MessageUnknown(#[from] MessageError),
    /// A first contact that is neither a tip nor anything else that an officer takes from a stranger.
    #[error("somebody wrote to you without a tip before; it is not kept")]
    NoTip,
    /// A tip in a conversation that its source did not open with this officer.
    #[error(
        "a tip came to you in a conversation that its source did not open with you: whoever sent it on holds a copy of it and is not the source. It was not kept"
    )]
    TipForwarded,
    /// Something in a source's conversation, or instead of a tip, that the source did not sign for this officer.
    #[error("something came as a source's words that the source did not sign for you; it was not kept")]
    WordsNotSigned,
    /// A source opened a second conversation about one tip.
    #[error(
        "a source opened a second conversation with you about a tip that you have; what it says there is not read. Ask the source, in the first one, whether that was it"
    )]
    SecondConversation,
    /// The source signed under a charter that this officer has never seen.
    #[error(
        "a source wrote under a charter that you do not know: the server may show sources other officers than you see. Compare the charter with your colleagues and with the root key's holder"
    )]
    OtherCharter,
    /// The case does not take a message of its source.
    #[error("a message of a source could not be taken into its case: {0}")]
    WordsRefused(Refusal),
    /// A first contact that is for officers.
    #[error("somebody sent a message that is not for administrators")]
    NotForAdministrators,
    /// A source's reply was altered on the way.
    #[error("a reply of a source could not be read: {0}; it is asked for again")]
    ReplyAltered(RatchetError),
    /// A source's reply is listed and not handed out.
    #[error("a reply of a source is listed, but the server does not hand it out; it is asked for again")]
    ReplyWithheld,
    /// This desk never made keys for the sealed intake.
    #[error("the sealed submission {0} waits: this desk has no intake identity")]
    SealedNoIdentity(String),
    /// The file of a sealed submission cannot be fetched now.
    #[error("the sealed submission {code} is kept and not open yet: {why}")]
    SealedLater {
        /// The submission's receipt code.
        code: String,
        /// What stood in the way.
        why: ApiError,
    },
    /// A sealed submission will never open here.
    #[error("the sealed submission {code} cannot be opened here: {why}")]
    SealedNever {
        /// The submission's receipt code.
        code: String,
        /// What is wrong with it.
        why: SealedFault,
    },
    /// Keys of a case came from somebody whose team this officer does not belong to.
    #[error("somebody handed you the keys of a case to whose team you do not belong; they were not kept")]
    HandoverForOthers,
    /// A case that was handed over cannot be read for want of the server.
    #[error("a case that was handed to you cannot be read yet; it is tried again")]
    HandoverLater,
    /// A case that was handed over will never be readable with what was handed over.
    #[error("a case that was handed to you cannot be read: {0}")]
    HandoverUnreadable(JournalError),
    /// Somebody wrote in a colleague's name how far cases go.
    #[error("somebody wrote to you in a colleague's name how far cases go; it is not signed and was not believed")]
    ViewsForged,
    /// A colleague could not be told how far cases go.
    #[error(
        "how far your cases go could not be told to {0}: the server offers no good keys for that person, or refused the letter; it may be holding you apart. It is tried again when your cases have gone on"
    )]
    ViewsUnsent(String),
    /// The log holds another head.
    #[error(
        "case {case}: the log has another journal at entry {seq} than you are shown. Either the server shows you and your colleagues two journals of this case, or a colleague's program is false. Read to each other the head of the journal's chain"
    )]
    HeadOther {
        /// The case, by its beginning.
        case: String,
        /// The entry, by its number.
        seq: u64,
    },
    /// The log has more than is shown.
    #[error(
        "case {case}: the log says that there is an entry {seq}, but the server does not show it to you. Ask your colleagues what it says"
    )]
    HeadHidden {
        /// The case, by its beginning.
        case: String,
        /// The entry, by its number.
        seq: u64,
    },
    /// The log has less than is shown.
    #[error(
        "case {case}: entry {seq} is not in the log, although it must be. Perhaps the server shows it to you alone: ask your colleagues whether they have it"
    )]
    HeadNotLogged {
        /// The case, by its beginning.
        case: String,
        /// The entry, by its number.
        seq: u64,
    },
    /// A colleague was shown another journal.
    #[error(
        "case {case}: {who} was shown another journal than you, by entry {seq} at the latest. Either the server shows you two different ones, or that person's program is false. Do not go on with this case before you have spoken with each other"
    )]
    HeadSplit {
        /// The case, by its beginning.
        case: String,
        /// How many entries the colleague had read.
        seq: u64,
        /// Which colleague it is.
        who: HolderId,
    },
    /// A colleague is shown more.
    #[error(
        "case {case}: {who} has read {seq} entries, and the server has not shown you as many on several visits. It may be holding you back: ask that person what is new"
    )]
    HeadBehind {
        /// The case, by its beginning.
        case: String,
        /// How many entries the colleague had read.
        seq: u64,
        /// Which colleague it is.
        who: HolderId,
    },
    /// An award order is not what two adjudicators signed.
    #[error("an award order is refused: {0}")]
    OrderRefused(Refusal),
    /// A redemption without a single token of this administrator.
    #[error("a redemption holds no valid tokens")]
    RedemptionEmpty,
}

/// Why a sealed submission never opens.
#[derive(Debug, Error)]
pub enum SealedFault {
    /// Its file was destroyed, or never arrived.
    #[error("its file is not on the server any more")]
    Gone,
    /// Its file's blobs are not what the manifest says.
    #[error(transparent)]
    File(#[from] OpenFileError),
    /// The file is not sealed to this officer, or not a submission.
    #[error(transparent)]
    Open(#[from] OpenSealedError),
    /// It holds more than one message carries.
    #[error(transparent)]
    Message(#[from] MessageError),
}
