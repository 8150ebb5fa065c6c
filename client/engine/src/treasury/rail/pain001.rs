//! SEPA: a payment file, ISO 20022 `pain.001.001.09`, one credit transfer, structured address, neutral text.

use subrosa_casework::clock::Zone;

use super::contract::{Details, Field, FieldKind, Payment, PaymentError, PaymentFile, PaymentOrder, Rail};

/// The most that one transfer may carry, in euro cents.
const AMOUNT_MAX: u64 = 99_999_999_999;

const PAYEE: Field = Field {
    name: "payee",
    required: true,
    kind: FieldKind::Text(70),
    example: "Kanzlei Muster, Anderkonto",
    preset: None,
};
const IBAN: Field =
    Field { name: "iban", required: true, kind: FieldKind::Code(34), example: "DE02120300000000202051", preset: None };
const BIC: Field =
    Field { name: "bic", required: false, kind: FieldKind::Code(11), example: "BYLADEM1001", preset: None };
const COUNTRY: Field = Field { name: "country", required: true, kind: FieldKind::Code(2), example: "DE", preset: None };
const TOWN: Field = Field { name: "town", required: true, kind: FieldKind::Text(35), example: "Koeln", preset: None };
const REFERENCE: Field = Field {
    name: "reference",
    required: true,
    kind: FieldKind::Text(140),
    example: "Akte 7/26",
    preset: Some("Client account"),
};
const DEBTOR_NAME: Field =
    Field { name: "debtor-name", required: true, kind: FieldKind::Text(70), example: "Pilot Programme", preset: None };
const DEBTOR_IBAN: Field = Field {
    name: "debtor-iban",
    required: true,
    kind: FieldKind::Code(34),
    example: "NL91ABNA0417164300",
    preset: None,
};
const DEBTOR_BIC: Field =
    Field { name: "debtor-bic", required: true, kind: FieldKind::Code(11), example: "ABNANL2A", preset: None };

/// A SEPA credit transfer.
#[derive(Debug)]
pub struct Sepa;

impl Rail for Sepa {
    fn id(&self) -> &'static str {
        "sepa"
    }

    fn fields(&self) -> &'static [Field] {
        &[PAYEE, IBAN, BIC, COUNTRY, TOWN, REFERENCE]
    }

    fn debtor(&self) -> &'static [Field] {
        &[DEBTOR_NAME, DEBTOR_IBAN, DEBTOR_BIC]
    }

    fn check(&self, payout: &Details) -> Result<(), PaymentError> {
        Creditor::read(payout).map(drop)
    }

    fn payment(&self, order: &PaymentOrder<'_>) -> Result<Payment, PaymentError> {
        let file = Transfer::read(order)?.to_xml();
        Ok(Payment::File(PaymentFile {
            name: format!("{}.xml", order.stem()),
            media_type: "application/xml",
            bytes: file.into_bytes(),
        }))
    }
}

/// Who is paid, as far as a bank takes it.
struct Creditor {
    name: String,
    iban: String,
    bic: Option<String>,
    country: String,
    town: String,
    reference: String,
}

impl Creditor {
    fn read(payout: &Details) -> Result<Self, PaymentError> {
        Ok(Self {
            name: words(payout, &PAYEE)?,
            town: words(payout, &TOWN)?,
            country: country(payout.need(COUNTRY.name)?, COUNTRY.name)?.to_owned(),
            reference: words(payout, &REFERENCE)?,
            bic: payout.get(BIC.name).map(|b| bic(b, BIC.name).map(ToOwned::to_owned)).transpose()?,
            iban: account(payout, &IBAN)?,
        })
    }
}

/// The programme's own account.
struct Debtor {
    name: String,
    iban: String,
    bic: String,
}

impl Debtor {
    fn read(stated: &Details) -> Result<Self, PaymentError> {
        Ok(Self {
            name: words(stated, &DEBTOR_NAME)?,
            iban: account(stated, &DEBTOR_IBAN)?,
            bic: bic(stated.need(DEBTOR_BIC.name)?, DEBTOR_BIC.name)?.to_owned(),
        })
    }
}

/// One transfer, every part of it fit for the file.
struct Transfer {
    creditor: Creditor,
    debtor: Debtor,
    /// Euros and cents: `137500.00`.
    money: String,
    id: String,
    date: String,
    stamp: String,
}

impl Transfer {
    fn read(order: &PaymentOrder<'_>) -> Result<Self, PaymentError> {
        let (creditor, debtor) = (Creditor::read(order.payout)?, Debtor::read(order.debtor)?);
        if order.amount.0 == 0 || order.amount.0 > AMOUNT_MAX {
            return Err(PaymentError::Amount);
        }
        let (date, stamp) = date(order.now).ok_or(PaymentError::Date)?;
        Ok(Self { creditor, debtor, money: order.amount.to_string(), id: hex::encode(order.id), date, stamp })
    }

    /// The document. The same order gives the same file, which a bank does not execute twice.
    fn to_xml(&self) -> String {
        let Self { id, stamp, money, .. } = self;
        let (debtor, payment) = (&self.debtor.name, self.payment());
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>{id}</MsgId>
      <CreDtTm>{stamp}</CreDtTm>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>{money}</CtrlSum>
      <InitgPty><Nm>{debtor}</Nm></InitgPty>
    </GrpHdr>
{payment}  </CstmrCdtTrfInitn>
</Document>
"#
        )
    }

    /// What the programme's bank reads: from which account, when.
    fn payment(&self) -> String {
        let Self { id, money, date, .. } = self;
        let (Debtor { name, iban, bic }, credit) = (&self.debtor, self.credit());
        format!(
            r#"    <PmtInf>
      <PmtInfId>{id}</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>{money}</CtrlSum>
      <PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>
      <ReqdExctnDt><Dt>{date}</Dt></ReqdExctnDt>
      <Dbtr><Nm>{name}</Nm></Dbtr>
      <DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>
      <DbtrAgt><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
{credit}    </PmtInf>
"#
        )
    }

    /// What the payee's bank reads.
    fn credit(&self) -> String {
        let Self { id, money, .. } = self;
        let Creditor { name, iban, bic, country, town, reference } = &self.creditor;
        let agent = match bic {
            Some(bic) => format!("        <CdtrAgt><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></CdtrAgt>\n"),
            None => String::new(),
        };
        format!(
            r#"      <CdtTrfTxInf>
        <PmtId><EndToEndId>{id}</EndToEndId></PmtId>
        <Amt><InstdAmt Ccy="EUR">{money}</InstdAmt></Amt>
{agent}        <Cdtr>
          <Nm>{name}</Nm>
          <PstlAdr><TwnNm>{town}</TwnNm><Ctry>{country}</Ctry></PstlAdr>
        </Cdtr>
        <CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct>
        <RmtInf><Ustrd>{reference}</Ustrd></RmtInf>
      </CdtTrfTxInf>
"#
        )
    }
}

fn words(given: &Details, field: &Field) -> Result<String, PaymentError> {
    text(given.need(field.name)?, field.kind.max(), field.name)
}

fn account(given: &Details, field: &Field) -> Result<String, PaymentError> {
    iban(given.need(field.name)?).ok_or(PaymentError::Iban(field.name))
}

/// The SEPA character set (EPC217-08): it holds nothing that XML would have to escape but the apostrophe, which may
/// stand in text as it is.
fn text(s: &str, max: usize, field: &'static str) -> Result<String, PaymentError> {
    let s = s.trim();
    let fits = s.chars().all(|c| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c));
    let slashes = s.starts_with('/') || s.ends_with('/') || s.contains("//");
    if s.is_empty() || s.chars().count() > max || !fits || slashes {
        return Err(PaymentError::Text(field));
    }
    Ok(s.to_owned())
}

fn country<'a>(s: &'a str, field: &'static str) -> Result<&'a str, PaymentError> {
    if s.len() == 2 && s.bytes().all(|b| b.is_ascii_uppercase()) { Ok(s) } else { Err(PaymentError::Text(field)) }
}

fn bic<'a>(s: &'a str, field: &'static str) -> Result<&'a str, PaymentError> {
    let (bank, rest) = s.split_at_checked(6).ok_or(PaymentError::Text(field))?;
    let fits = bank.bytes().all(|b| b.is_ascii_uppercase())
        && matches!(rest.len(), 2 | 5)
        && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if fits { Ok(s) } else { Err(PaymentError::Text(field)) }
}

/// An IBAN without spaces, if its check digits fit (ISO 13616, ISO 7064 MOD 97-10).
fn iban(s: &str) -> Option<String> {
    let s: String = s.chars().filter(|c| !c.is_whitespace()).collect();
    let (head, tail) = s.split_at_checked(4)?;
    let country = head.get(..2)?.bytes().all(|b| b.is_ascii_uppercase());
    let digits = head.get(2..)?.bytes().all(|b| b.is_ascii_digit());
    if !country || !digits || !(15..=34).contains(&s.len()) {
        return None;
    }
    let mut rest = 0u32;
    for c in tail.chars().chain(head.chars()) {
        if !c.is_ascii_digit() && !c.is_ascii_uppercase() {
            return None;
        }
        let v = c.to_digit(36)?;
        rest = (if v < 10 { rest * 10 + v } else { rest * 100 + v }) % 97;
    }
    (rest == 1).then_some(s)
}

/// `(YYYY-MM-DD, YYYY-MM-DDThh:mm:ssZ)` of Unix seconds.
fn date(now: u64) -> Option<(String, String)> {
    let date = Zone(0).date(now)?.to_string();
    let (h, m, s) = (now / 3600 % 24, now / 60 % 60, now % 60);
    Some((date.clone(), format!("{date}T{h:02}:{m:02}:{s:02}Z")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_casework::{bytes::Digest, money::Cents};

    use super::*;

    fn payout(field: &Field) -> &'static str {
        match field.name {
            "payee" => "Kanzlei Muster, Anderkonto",
            "iban" => "DE89 3704 0044 0532 0130 00",
            "bic" => "BYLADEM1001",
            "country" => "DE",
            "town" => "Koeln",
            _ => "Akte 7/26",
        }
    }

    /// The file of the usual order but for one field.
    fn paid(changed: &str, to: &'static str, amount: u64, id: u8, now: u64) -> Result<String, PaymentError> {
        let members = Sepa.fields().iter().map(|f| {
            let text = if f.name == changed { to } else { payout(f) };
            (f.name.to_owned(), (text != "nothing").then(|| text.to_owned()))
        });
        // As received: what a hostile program sends is not cleaned first.
        let payout = Details::received(Sepa.fields(), members.collect()).unwrap();
        let debtor = Details::typed(Sepa.debtor(), |f| Some(f.example.to_owned()))?;
        let (amount, redemption) = (Cents(amount), Digest([0xab; 32]));
        let order =
            PaymentOrder { payout: &payout, debtor: &debtor, amount, id: &[id; 16], redemption: &redemption, now };
        let Payment::File(file) = Sepa.payment(&order)?;
        assert_eq!((file.name.as_str(), file.media_type), ("payment-abababababababab.xml", "application/xml"));
        Ok(String::from_utf8(file.bytes).unwrap())
    }

    #[test]
    fn the_file_is_the_published_one_to_the_byte() {
        let example = include_str!("pain001_example.xml");
        assert_eq!(paid("", "", 13_750_000, 1, 1_795_000_000).unwrap(), example);
        let without: String = example.split_inclusive('\n').filter(|line| !line.contains("<CdtrAgt>")).collect();
        assert_eq!(paid("bic", "nothing", 13_750_000, 1, 1_795_000_000).unwrap(), without);
    }

    #[test]
    fn the_same_order_is_the_same_file() {
        let file = |id| paid("", "", 13_750_000, id, 1_795_000_000).unwrap();
        assert_eq!(file(1), file(1));
        assert_ne!(file(1), file(2));
        assert!(file(2).contains("<EndToEndId>02020202020202020202020202020202</EndToEndId>"));
    }

    #[test]
    fn bad_input_is_refused() {
        let with = |field, to| paid(field, to, 1, 0, 0).unwrap_err();
        assert_eq!(with("iban", "DE89370400440532013001"), PaymentError::Iban("iban"));
        assert_eq!(with("payee", "<script>"), PaymentError::Text("payee"));
        assert_eq!(with("country", "de"), PaymentError::Text("country"));
        assert_eq!(with("bic", "X"), PaymentError::Text("bic"));
        assert_eq!(with("iban", "é"), PaymentError::Iban("iban"));
        assert_eq!(with("town", ""), PaymentError::Text("town"));
        assert_eq!(paid("", "", 0, 0, 0).unwrap_err(), PaymentError::Amount);
        assert_eq!(paid("", "", AMOUNT_MAX + 1, 0, 0).unwrap_err(), PaymentError::Amount);
    }

    #[test]
    fn dates_are_civil() {
        assert_eq!(date(0).unwrap().1, "1970-01-01T00:00:00Z");
        assert_eq!(date(1_709_210_096).unwrap().1, "2024-02-29T12:34:56Z");
    }
}
