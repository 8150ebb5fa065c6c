//! The rows of the catalogue.

use super::{
    ActSpec, Asks, Draft, Field, FieldKind, Group, People,
    field::{choice, field, line, optional, or, scale, text, yes_no},
};
use crate::{
    case::{
        AccusedHeard, Act, AuthorityDecision, Detriment, Disclosure, Entity, EntityKind, Event, Handling, MessageKind,
        Need, Position, Relation, SourcePosition, State, Visibility,
    },
    role::RoleName,
};

const TRIAGER: &[RoleName] = &[RoleName::Triager];
const INVESTIGATOR: &[RoleName] = &[RoleName::Investigator];
const ADJUDICATOR: &[RoleName] = &[RoleName::Adjudicator];
const ANY: &[RoleName] = &[RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];
const UNDER_INVESTIGATION: &[State] = &[State::Investigating, State::Referred];

const DECLARED: &[Need] = &[Need::Declared];

/// What an act is unless its row says otherwise: any officer's, at every stage, with one signature.
const PLAIN: ActSpec = ActSpec {
    group: Group::Keeping,
    roles: ANY,
    people: People::One,
    from: &[],
    to: None,
    only_moves: &[],
    needs: &[],
    asks: Asks::Nowhere,
    message: None,
    fields: &[],
    writes: None,
    build: |_| None,
};

/// A message to the source.
const MESSAGE: ActSpec = ActSpec {
    group: Group::Source,
    asks: Asks::Console,
    fields: &[text("text")],
    writes: Some("message-sent"),
    build: |b| b.message(),
    ..PLAIN
};

/// A decision of two people.
const TWO: ActSpec = ActSpec { people: People::Two, asks: Asks::Console, ..PLAIN };

/// What an award's formula is fed.
const SANCTION: Field = optional(field("sanction", FieldKind::Money));
const OWN_PART: Field = or("0", field("own-part", FieldKind::Money));
const UP: Field = or("0", field("up", FieldKind::Number));
const DOWN: Field = or("0", field("down", FieldKind::Number));
const FLOP: Field = optional(field("flop", FieldKind::Flop));
const THRESHOLD: Field = optional(field("threshold", FieldKind::Flop));
const HARM: Field = optional(choice("harm", "harm", &["h1", "h2", "h3", "h4"]));
const REALISED: Field = or("realised", choice("realised", "realised", &["realised", "near-miss", "latent"]));
const INTERIM: Field = optional(field("interim", FieldKind::Money));

macro_rules! acts {
    ($($name:ident = $id:literal => $spec:expr;)*) => {
        /// An act of an officer in a case, by the catalogue's row.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Step { $(#[doc = concat!("The act `", $id, "`.")] $name,)* }

        impl Step {
            /// All of them, in the order of the page.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name in addresses, on the command line and in keys of words.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// Its row of the catalogue.
            pub fn spec(self) -> &'static ActSpec {
                match self { $(Self::$name => { const SPEC: ActSpec = $spec; &SPEC })* }
            }
        }
    };
}

/// What a row's builder makes of an event.
fn event(event: Event) -> Option<Draft> {
    Some(Draft::Event(Box::new(event)))
}

fn two(act: Act) -> Option<Draft> {
    Some(Draft::Two(Box::new(act)))
}

acts! {
    Acknowledge = "acknowledge" => ActSpec { message: Some(MessageKind::Acknowledgement), ..MESSAGE };
    Ask = "ask" => ActSpec {
        roles: &[RoleName::Triager, RoleName::Investigator],
        to: Some(State::NeedsInfo),
        only_moves: &[State::Triage, State::Investigating],
        message: Some(MessageKind::Question),
        ..MESSAGE
    };
    Feedback = "feedback" => ActSpec { message: Some(MessageKind::Feedback), ..MESSAGE };
    Reasons = "reasons" => ActSpec { message: Some(MessageKind::Reasons), ..MESSAGE };
    Write = "write" => ActSpec { message: Some(MessageKind::Text), ..MESSAGE };
    Detriment = "detriment" => ActSpec {
        group: Group::Source,
        asks: Asks::Console,
        fields: &[
            field("day", FieldKind::Date),
            text("what"),
            optional(field("message", FieldKind::SourceMessage)),
        ],
        writes: Some("detriment-noted"),
        build: |b| {
            let (day, what, message) = (b.date("day"), b.text("what"), b.number("message"));
            event(Event::DetrimentNoted(Detriment { day: day?, what, message }))
        },
        ..PLAIN
    };
    Declare = "declare" => ActSpec {
        group: Group::Intake,
        asks: Asks::Everywhere,
        writes: Some("conflict-denied"),
        build: |_| Some(Draft::Declare),
        ..PLAIN
    };
    Name = "name" => ActSpec {
        group: Group::Intake,
        fields: &[
            line("entity"),
            or("organisation", choice("kind", "entity", &["person", "organisation", "place"])),
        ],
        writes: Some("entity-named"),
        build: |b| {
            let (name, kind) = (b.text("entity"), b.choice("kind", EntityKind::of_name));
            event(Event::EntityNamed(Entity { name, kind: kind? }))
        },
        ..PLAIN
    };
    OpenTriage = "open-triage" => ActSpec {
        group: Group::Intake,
        roles: TRIAGER,
        from: &[State::Received],
        to: Some(State::Triage),
        needs: &[Need::Acknowledged, Need::Declared],
        writes: Some("triage-opened"),
        build: |_| event(Event::TriageOpened),
        ..PLAIN
    };
    Triage = "triage" => ActSpec {
        group: Group::Intake,
        roles: TRIAGER,
        from: &[State::Triage],
        needs: DECLARED,
        fields: &[
            field("class", FieldKind::Class),
            line("jurisdiction"),
            choice("severity", "severity", &["1", "2", "3", "4", "5"]),
        ],
        writes: Some("triage-set"),
        build: |b| b.triage(),
        ..PLAIN
    };
    Risk = "risk" => ActSpec {
        group: Group::Intake,
        needs: DECLARED,
        fields: &[
            scale("guessable"),
            scale("power"),
            scale("threatened"),
            scale("dependence"),
            scale("few-knew"),
        ],
        writes: Some("retaliation-assessed"),
        build: |b| b.risk(),
        ..PLAIN
    };
    Accept = "accept" => ActSpec {
        group: Group::Intake,
        roles: TRIAGER,
        from: &[State::Triage],
        to: Some(State::Accepted),
        needs: &[Need::Triaged],
        writes: Some("accept"),
        asks: Asks::Everywhere,
        build: |_| two(Act::Accept),
        ..TWO
    };
    Close = "close" => ActSpec {
        group: Group::Intake,
        roles: TRIAGER,
        from: &[State::Triage, State::NeedsInfo],
        to: Some(State::Closed),
        needs: &[Need::EndsOutside],
        fields: &[
            choice("close", "reason", &["out-of-scope", "informative", "abusive", "duplicate", "lapsed"]),
            optional(field("other", FieldKind::OtherCase)),
        ],
        writes: Some("close"),
        build: |b| b.close(),
        ..TWO
    };
    Check = "check" => ActSpec {
        group: Group::Investigation,
        needs: &[Need::Declared, Need::PackChosen],
        asks: Asks::Everywhere,
        fields: &[field("on", FieldKind::Date), optional(field("inputs", FieldKind::Inputs))],
        writes: Some("machine-checked"),
        build: |b| b.check(),
        ..PLAIN
    };
    Investigate = "investigate" => ActSpec {
        group: Group::Investigation,
        roles: INVESTIGATOR,
        from: &[State::Accepted],
        to: Some(State::Investigating),
        needs: &[Need::Declared, Need::NotTriager, Need::MachineChecked],
        asks: Asks::Console,
        writes: Some("investigation-opened"),
        build: |_| event(Event::InvestigationOpened),
        ..PLAIN
    };
    Join = "join" => ActSpec {
        group: Group::Investigation,
        roles: INVESTIGATOR,
        from: UNDER_INVESTIGATION,
        needs: &[Need::Declared, Need::NotTriager],
        writes: Some("investigator-joined"),
        build: |_| event(Event::InvestigatorJoined),
        ..PLAIN
    };
    Evidence = "evidence" => ActSpec {
        group: Group::Investigation,
        fields: &[
            optional(field("file", FieldKind::File)),
            optional(line("name")),
            optional(field("sha256", FieldKind::Digest)),
            optional(field("size", FieldKind::Number)),
            optional(line("media")),
            line("origin"),
            optional(field("derived", FieldKind::Item)),
            optional(field("readers", FieldKind::Number)),
        ],
        writes: Some("evidence-added"),
        build: |b| b.evidence(),
        ..PLAIN
    };
    Handle = "handle" => ActSpec {
        group: Group::Investigation,
        needs: &[Need::HasEvidence],
        fields: &[field("item", FieldKind::Item), choice("how", "handled", &["opened", "exported", "verified"])],
        writes: Some("evidence-handled"),
        build: |b| {
            let (item, how) = (b.number("item"), b.choice("how", Handling::of_name));
            event(Event::EvidenceHandled { item: item?, how: how? })
        },
        ..PLAIN
    };
    Accused = "accused" => ActSpec {
        group: Group::Investigation,
        roles: &[RoleName::Investigator, RoleName::Adjudicator],
        from: UNDER_INVESTIGATION,
        needs: DECLARED,
        asks: Asks::Console,
        fields: &[choice("heard", "accused", &["reply", "waiver"]), text("words")],
        writes: Some("accused-heard"),
        build: |b| {
            let (waived, words) = (b.choice("heard", |v| Some(v == "waiver")), b.text("words"));
            event(Event::AccusedHeard(match waived? {
                true => AccusedHeard::SafetyWaiver(words),
                false => AccusedHeard::Reply(words),
            }))
        },
        ..PLAIN
    };
    Authority = "authority" => ActSpec {
        group: Group::Investigation,
        from: &[State::Investigating, State::Referred, State::Substantiated, State::ClaimOpen],
        needs: DECLARED,
        asks: Asks::Everywhere,
        fields: &[line("authority"), line("reference"), field("sha256", FieldKind::Digest), SANCTION],
        writes: Some("authority-decided"),
        build: |b| {
            let (authority, reference) = (b.text("authority"), b.text("reference"));
            let (sha256, sanction) = (b.digest("sha256"), b.money("sanction"));
            event(Event::AuthorityDecided(AuthorityDecision { authority, reference, sha256: sha256?, sanction }))
        },
        ..PLAIN
    };
    Refer = "refer" => ActSpec {
        group: Group::Investigation,
        roles: &[RoleName::Investigator, RoleName::Adjudicator],
        people: People::OneOfEach,
        from: &[State::Investigating],
        to: Some(State::Referred),
        fields: &[line("authority"), field("packet", FieldKind::Digest), optional(text("duty"))],
        writes: Some("refer"),
        build: |b| {
            let (authority, packet, duty) = (b.text("authority"), b.digest("packet"), b.maybe("duty"));
            two(Act::Refer { authority, duty, packet: packet? })
        },
        ..TWO
    };
    Substantiate = "substantiate" => ActSpec {
        group: Group::Investigation,
        roles: ADJUDICATOR,
        from: UNDER_INVESTIGATION,
        to: Some(State::Substantiated),
        needs: &[Need::TwoOrigins, Need::AccusedHeard],
        fields: &[text("findings")],
        writes: Some("substantiate"),
        build: |b| two(Act::Substantiate { findings: b.text("findings") }),
        ..TWO
    };
    CloseUnsubstantiated = "close-unsubstantiated" => ActSpec {
        group: Group::Investigation,
        roles: ADJUDICATOR,
        from: UNDER_INVESTIGATION,
        to: Some(State::Closed),
        needs: &[Need::FeedbackSent],
        fields: &[text("findings")],
        writes: Some("close-unsubstantiated"),
        build: |b| two(Act::CloseUnsubstantiated { findings: b.text("findings") }),
        ..TWO
    };
    Position = "position" => ActSpec {
        group: Group::Award,
        needs: DECLARED,
        asks: Asks::Console,
        fields: &[
            choice("position", "position", &["insider", "compliance", "outsider"]),
            optional(field("inside", FieldKind::Date)),
        ],
        writes: Some("position-stated"),
        build: |b| {
            let (position, reported_inside) = (b.choice("position", Position::of_name), b.date("inside"));
            event(Event::PositionStated(SourcePosition { position: position?, reported_inside }))
        },
        ..PLAIN
    };
    OpenClaim = "open-claim" => ActSpec {
        group: Group::Award,
        from: &[State::Substantiated],
        to: Some(State::ClaimOpen),
        needs: DECLARED,
        asks: Asks::Console,
        fields: &[text("notice")],
        writes: Some("claim-window-opened"),
        build: |b| b.open_claim(),
        ..PLAIN
    };
    FileClaim = "file-claim" => ActSpec {
        group: Group::Award,
        from: &[State::ClaimOpen],
        needs: &[Need::ClaimTime],
        asks: Asks::Everywhere,
        fields: &[
            yes_no("official"),
            yes_no("programme-staff"),
            yes_no("compliance-too-early"),
            yes_no("knowingly-false"),
            choice("review", "review", &["not-needed", "passed", "failed"]),
        ],
        writes: Some("claim-filed"),
        build: |b| b.file_claim(),
        ..PLAIN
    };
    CloseClaim = "close-claim" => ActSpec {
        group: Group::Award,
        from: &[State::ClaimOpen],
        to: Some(State::Closed),
        needs: &[Need::NobodyClaimed],
        asks: Asks::Console,
        writes: Some("claim-window-closed"),
        build: |_| event(Event::ClaimWindowClosed),
        ..PLAIN
    };
    ProposeAward = "propose-award" => ActSpec {
        group: Group::Award,
        roles: ADJUDICATOR,
        from: &[State::ClaimOpen],
        to: Some(State::AwardProposed),
        needs: &[Need::Declared, Need::NotInvestigator, Need::Claimed, Need::Eligible],
        asks: Asks::Everywhere,
        fields: &[
            field("policy", FieldKind::Policy),
            SANCTION,
            OWN_PART,
            UP,
            DOWN,
            FLOP,
            THRESHOLD,
            HARM,
            REALISED,
            INTERIM,
        ],
        writes: Some("award-proposed"),
        build: |b| b.award(),
        ..PLAIN
    };
    Panel = "panel" => ActSpec {
        group: Group::Award,
        roles: ADJUDICATOR,
        from: &[State::Contested],
        to: Some(State::AwardProposed),
        needs: &[Need::NotProposer],
        asks: Asks::Everywhere,
        fields: &[SANCTION, OWN_PART, UP, DOWN, FLOP, THRESHOLD, HARM, REALISED, INTERIM, text("reasons")],
        writes: Some("decide-contest"),
        build: |b| b.panel(),
        ..TWO
    };
    Finalize = "finalize" => ActSpec {
        group: Group::Award,
        roles: ADJUDICATOR,
        from: &[State::AwardProposed],
        to: Some(State::AwardFinal),
        needs: &[Need::Settled],
        asks: Asks::Everywhere,
        writes: Some("finalize-award"),
        build: |b| b.finalize(),
        ..TWO
    };
    Deny = "deny" => ActSpec {
        group: Group::Award,
        roles: ADJUDICATOR,
        from: &[State::AwardProposed],
        to: Some(State::Closed),
        needs: &[Need::ReasonsSent, Need::ContestOver],
        asks: Asks::Everywhere,
        fields: &[text("reasons")],
        writes: Some("deny-award"),
        build: |b| two(Act::DenyAward { reasons: b.text("reasons") }),
        ..TWO
    };
    SignOrder = "sign-order" => ActSpec {
        group: Group::Award,
        roles: ADJUDICATOR,
        from: &[State::AwardFinal],
        needs: &[Need::Declared, Need::OrderReady, Need::NotSignedYet],
        asks: Asks::Everywhere,
        writes: Some("order-signed"),
        build: |_| Some(Draft::SignOrder),
        ..PLAIN
    };
    Deliver = "deliver" => ActSpec {
        group: Group::Award,
        from: &[State::AwardFinal],
        needs: &[Need::OrderSigned],
        asks: Asks::Everywhere,
        build: |_| Some(Draft::Deliver),
        ..PLAIN
    };
    Paid = "paid" => ActSpec {
        group: Group::Award,
        from: &[State::AwardFinal],
        to: Some(State::Paid),
        needs: &[Need::OrderSigned],
        asks: Asks::Everywhere,
        writes: Some("paid"),
        build: |b| b.paid(),
        ..PLAIN
    };
    Assign = "assign" => ActSpec {
        fields: &[field("holder", FieldKind::Member)],
        writes: Some("assigned"),
        build: |b| event(Event::Assigned { holder: b.member("holder")? }),
        ..PLAIN
    };
    Bring = "bring" => ActSpec {
        asks: Asks::Console,
        fields: &[field("colleague", FieldKind::Colleague)],
        build: |b| Some(Draft::Bring(b.colleague("colleague")?)),
        ..PLAIN
    };
    Note = "note" => ActSpec {
        fields: &[text("note"), or("team", choice("visibility", "visible", &["team", "adjudicators"]))],
        writes: Some("noted"),
        build: |b| {
            let (text, visibility) = (b.text("note"), b.choice("visibility", Visibility::of_name));
            event(Event::Noted { text, visibility: visibility? })
        },
        ..PLAIN
    };
    Tag = "tag" => ActSpec {
        fields: &[line("tag"), or("on", choice("tagging", "tagging", &["on", "off"]))],
        writes: Some("tagged"),
        build: |b| {
            let (tag, on) = (b.text("tag"), b.choice("tagging", |v| Some(v == "on")));
            event(Event::Tagged { tag, on: on? })
        },
        ..PLAIN
    };
    Link = "link" => ActSpec {
        fields: &[
            field("other", FieldKind::OtherCase),
            choice("relation", "relation", &["duplicate-of", "corroborated-by", "related"]),
        ],
        writes: Some("linked"),
        build: |b| {
            let (other, relation) = (b.other_case("other"), b.choice("relation", Relation::of_name));
            event(Event::Linked { other: other?, relation: relation? })
        },
        ..PLAIN
    };
    Disclose = "disclose" => ActSpec {
        needs: DECLARED,
        asks: Asks::Console,
        fields: &[line("told-to"), text("told-what"), line("ground")],
        writes: Some("disclosed"),
        build: |b| {
            event(Event::Disclosed(Disclosure {
                to: b.text("told-to"),
                what: b.text("told-what"),
                ground: b.text("ground"),
            }))
        },
        ..PLAIN
    };
    Extend = "extend" => ActSpec {
        needs: &[Need::NotExtended, Need::FeedbackRuns],
        fields: &[text("reason")],
        writes: Some("extend-feedback"),
        build: |b| two(Act::ExtendFeedback { reason: b.text("reason") }),
        ..TWO
    };
    Hold = "hold" => ActSpec {
        needs: &[Need::NotHeldYet],
        fields: &[text("reason")],
        writes: Some("hold"),
        build: |b| two(Act::Hold { reason: b.text("reason") }),
        ..TWO
    };
    ReleaseHold = "release-hold" => ActSpec {
        needs: &[Need::OnHold],
        fields: &[text("reason")],
        writes: Some("release-hold"),
        build: |b| two(Act::ReleaseHold { reason: b.text("reason") }),
        ..TWO
    };
    Reopen = "reopen" => ActSpec {
        roles: TRIAGER,
        from: &[State::Closed],
        to: Some(State::Triage),
        needs: &[Need::NewGrounds],
        fields: &[text("reason")],
        writes: Some("reopen"),
        build: |b| two(Act::Reopen { reason: b.text("reason") }),
        ..TWO
    };
    Purge = "purge" => ActSpec {
        from: &[State::Paid, State::Closed],
        to: Some(State::Purged),
        needs: &[Need::NoHold, Need::RetentionOver],
        writes: Some("purge"),
        build: |_| two(Act::Purge),
        ..TWO
    };
    Recuse = "recuse" => ActSpec {
        asks: Asks::Console,
        fields: &[text("reason")],
        writes: Some("recused"),
        build: |b| event(Event::Recused { reason: b.text("reason") }),
        ..PLAIN
    };
}
