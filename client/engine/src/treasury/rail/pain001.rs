//! The payment file: ISO 20022 `pain.001.001.09`, one SEPA credit transfer, structured address, neutral text.

use serde::{Deserialize, Serialize};
use subrosa_casework::{clock::Zone, money::Cents};
use thiserror::Error;

use crate::message::PayoutInstruction;

/// The programme's own account.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Debtor {
    /// Account holder.
    pub name: String,
    /// IBAN.
    pub iban: String,
    /// BIC of the bank.
    pub bic: String,
}

/// Why no payment file can be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PaymentError {
    /// The check digits do not fit.
    #[error("the {0}'s IBAN is not valid")]
    Iban(&'static str),
    /// Outside the SEPA character set, empty or too long.
    #[error("the {0} cannot be written into a payment file; use plain Latin letters, digits and / - ? : ( ) . , ' +")]
    Text(&'static str),
    /// No money, or more than a single SEPA transfer may carry.
    #[error("the amount is out of range")]
    Amount,
    /// The clock.
    #[error("the date cannot be written")]
    Date,
}

/// Whether a payout instruction can be written into a payment file: asked before tokens are spent on it.
pub fn check_payout(payout: &PayoutInstruction) -> Result<(), PaymentError> {
    text(&payout.payee, 70, "payee")?;
    text(&payout.town, 35, "town")?;
    country(&payout.country)?;
    text(&payout.reference, 140, "reference")?;
    if let Some(b) = &payout.bic {
        bic(b)?;
    }
    iban(&payout.iban).map(drop).ok_or(PaymentError::Iban("payee"))
}

/// Writes the file. `order_id` names the order: the same id gives the same order, which a bank does not execute twice.
pub fn payment_file(
    payout: &PayoutInstruction,
    amount: Cents,
    debtor: &Debtor,
    order_id: &[u8; 16],
    now: u64,
) -> Result<String, PaymentError> {
    let creditor = text(&payout.payee, 70, "payee")?;
    let town = text(&payout.town, 35, "town")?;
    let country = country(&payout.country)?;
    let reference = text(&payout.reference, 140, "reference")?;
    let creditor_iban = iban(&payout.iban).ok_or(PaymentError::Iban("payee"))?;
    let debtor_name = text(&debtor.name, 70, "debtor")?;
    let debtor_iban = iban(&debtor.iban).ok_or(PaymentError::Iban("debtor"))?;
    let debtor_bic = bic(&debtor.bic)?;
    if amount.0 == 0 || amount.0 > 99_999_999_999 {
        return Err(PaymentError::Amount);
    }
    let money = amount.to_string();
    let id = hex::encode(order_id);
    let (date, stamp) = date(now).ok_or(PaymentError::Date)?;
    let creditor_agent = match &payout.bic {
        Some(b) => format!("        <CdtrAgt><FinInstnId><BICFI>{}</BICFI></FinInstnId></CdtrAgt>\n", bic(b)?),
        None => String::new(),
    };
    Ok(format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>{id}</MsgId>
      <CreDtTm>{stamp}</CreDtTm>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>{money}</CtrlSum>
      <InitgPty><Nm>{debtor_name}</Nm></InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>{id}</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>{money}</CtrlSum>
      <PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>
      <ReqdExctnDt><Dt>{date}</Dt></ReqdExctnDt>
      <Dbtr><Nm>{debtor_name}</Nm></Dbtr>
      <DbtrAcct><Id><IBAN>{debtor_iban}</IBAN></Id></DbtrAcct>
      <DbtrAgt><FinInstnId><BICFI>{debtor_bic}</BICFI></FinInstnId></DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
      <CdtTrfTxInf>
        <PmtId><EndToEndId>{id}</EndToEndId></PmtId>
        <Amt><InstdAmt Ccy="EUR">{money}</InstdAmt></Amt>
{creditor_agent}        <Cdtr>
          <Nm>{creditor}</Nm>
          <PstlAdr><TwnNm>{town}</TwnNm><Ctry>{country}</Ctry></PstlAdr>
        </Cdtr>
        <CdtrAcct><Id><IBAN>{creditor_iban}</IBAN></Id></CdtrAcct>
        <RmtInf><Ustrd>{reference}</Ustrd></RmtInf>
      </CdtTrfTxInf>
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
"#
    ))
}

/// The SEPA character set (EPC217-08): it holds nothing that XML would have to escape but the apostrophe, which may
/// stand in text as it is.
fn text(s: &str, max: usize, what: &'static str) -> Result<String, PaymentError> {
    let s = s.trim();
    let fits = s.chars().all(|c| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c));
    let slashes = s.starts_with('/') || s.ends_with('/') || s.contains("//");
    if s.is_empty() || s.chars().count() > max || !fits || slashes {
        return Err(PaymentError::Text(what));
    }
    Ok(s.to_owned())
}

fn country(s: &str) -> Result<&str, PaymentError> {
    if s.len() == 2 && s.bytes().all(|b| b.is_ascii_uppercase()) { Ok(s) } else { Err(PaymentError::Text("country")) }
}

fn bic(s: &str) -> Result<&str, PaymentError> {
    let (bank, rest) = s.split_at_checked(6).ok_or(PaymentError::Text("BIC"))?;
    let fits = bank.bytes().all(|b| b.is_ascii_uppercase())
        && matches!(rest.len(), 2 | 5)
        && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if fits { Ok(s) } else { Err(PaymentError::Text("BIC")) }
}

/// An IBAN without spaces, if its check digits fit (ISO 13616, ISO 7064 MOD 97-10).
pub(super) fn iban(s: &str) -> Option<String> {
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
    use super::*;

    fn payout() -> PayoutInstruction {
        PayoutInstruction {
            payee: "Kanzlei Muster, Anderkonto".into(),
            iban: "DE89 3704 0044 0532 0130 00".into(),
            bic: None,
            country: "DE".into(),
            town: "Koeln".into(),
            reference: "Akte 7/26".into(),
        }
    }

    fn debtor() -> Debtor {
        Debtor { name: "Pilot Programme".into(), iban: "NL91ABNA0417164300".into(), bic: "ABNANL2A".into() }
    }

    #[test]
    fn the_same_order_is_the_same_file() {
        let file = |id| payment_file(&payout(), Cents(13_750_000), &debtor(), &[id; 16], 1_795_000_000).unwrap();
        assert_eq!(file(1), file(1));
        assert!(file(1).contains(r#"<InstdAmt Ccy="EUR">137500.00</InstdAmt>"#));
        assert!(file(1).contains("<IBAN>DE89370400440532013000</IBAN>"));
        assert!(file(1).contains("<EndToEndId>01010101010101010101010101010101</EndToEndId>"));
    }

    #[test]
    fn bad_input_is_refused() {
        let with = |f: fn(&mut PayoutInstruction)| {
            let mut p = payout();
            f(&mut p);
            payment_file(&p, Cents(1), &debtor(), &[0; 16], 0).unwrap_err()
        };
        assert_eq!(with(|p| p.iban = "DE89370400440532013001".into()), PaymentError::Iban("payee"));
        assert_eq!(with(|p| p.payee = "<script>".into()), PaymentError::Text("payee"));
        assert_eq!(with(|p| p.country = "de".into()), PaymentError::Text("country"));
        assert_eq!(with(|p| p.bic = Some("X".into())), PaymentError::Text("BIC"));
        assert_eq!(with(|p| p.iban = "é".into()), PaymentError::Iban("payee"));
        let none = payment_file(&payout(), Cents(0), &debtor(), &[0; 16], 0);
        assert_eq!(none.unwrap_err(), PaymentError::Amount);
    }

    #[test]
    fn dates_are_civil() {
        assert_eq!(date(0).unwrap().1, "1970-01-01T00:00:00Z");
        assert_eq!(date(1_709_210_096).unwrap().1, "2024-02-29T12:34:56Z");
    }
}
