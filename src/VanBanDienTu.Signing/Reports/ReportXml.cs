using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace VanBanDienTu.Signing.Reports;

/// <summary>
/// One file's verdict in the XML of ETSI, for programs of others. The main indication is ours: a suspicious later change, for which
/// the standard has no word, is total-failed with FORMAT_FAILURE, and its reasons stand in AdditionalValidationReportData.
/// </summary>
/// <remarks>Source: ETSI TS 119 102-2 v1.4.1 (validation report), whose schema has room only for files with a signature.</remarks>
public static class ReportXml
{
    private static readonly XNamespace Vr = "http://uri.etsi.org/19102/v1.4.1#";
    private static readonly XNamespace Ds = "http://www.w3.org/2000/09/xmldsig#";
    private static readonly XNamespace Xades = "http://uri.etsi.org/01903/v1.3.2#";

    /// <summary>The report on one file as UTF-8; null when the file has no signature to report on.</summary>
    public static byte[]? Utf8(VerificationReport report, FileVerdict file)
    {
        if (file.Signatures.Count == 0)
            return null;
        var root = new XElement(Vr + "ValidationReport",
            new XAttribute(XNamespace.Xmlns + "ds", Ds), new XAttribute(XNamespace.Xmlns + "XAdES", Xades), new XAttribute("xmlns", Vr),
            file.Signatures.Select((s, i) => Signature(report, file, s, i)),
            Objects(file));
        using var output = new MemoryStream();
        using (var writer = XmlWriter.Create(output, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
            root.Save(writer);
        return output.ToArray();
    }

    private static XElement Signature(VerificationReport report, FileVerdict file, SignatureVerdict s, int index) => new(Vr + "SignatureValidationReport",
        new XElement(Vr + "SignatureIdentifier", new XAttribute("id", $"S-{Number(index + 1)}"),
            new XElement(Vr + "HashOnly", false), new XElement(Vr + "DocHashOnly", false), new XElement(Vr + "DAIdentifier", Text(s.Field))),
        new XElement(Vr + "ValidationTimeInfo",
            new XElement(Vr + "ValidationTime", Time(report.Time)),
            new XElement(Vr + "BestSignatureTime", Proof(s.BestTime ?? report.Time, s.Proofs.Count > 0))),
        file.Sha256 is null ? null : new XElement(Vr + "SignersDocument", Digest(file.Sha256)),
        Attributes(s),
        s.Signer is null ? null : new XElement(Vr + "SignerInformation",
            Reference("SignerCertificate", Certificate(s.Signer.Sha256)), new XElement(Vr + "Signer", Text(s.Signer.Subject))),
        new XElement(Vr + "SignatureValidationProcess", new XElement(Vr + "SignatureValidationProcessID", "urn:etsi:019102:validationprocess:" + Process(s))),
        Status(report, s));

    // The process that gave the answer: with long-term availability when a document timestamp was among the proofs.
    private static string Process(SignatureVerdict s) =>
        s.Proofs.Any(p => p.Kind is "document-timestamp" or "earlier-verdict") ? "LTA" : s.Proofs.Count > 0 ? "LTVM" : "Basic";

    private static XElement Attributes(SignatureVerdict s) => new(Vr + "SignatureAttributes",
        s.ClaimedTime is { } claimed ? new XElement(Vr + "SigningTime", new XAttribute("Signed", true), new XElement(Vr + "Time", Time(claimed))) : null,
        s.Timestamps.Where(t => t.Time is not null).Select(t => new XElement(Vr + (string.Equals(t.Kind, "document", StringComparison.Ordinal) ? "DocTimeStamp" : "SignatureTimeStamp"),
            new XElement(Vr + "TimeStampValue", Time(t.Time!.Value)))),
        new XElement(Vr + "SubFilter", new XElement(Vr + "SubFilterElement", Text(s.SubFilter))),
        new XElement(Vr + "ByteRange", string.Join(' ', s.ByteRange.Select(n => n.ToString(CultureInfo.InvariantCulture)))));

    private static XElement Status(VerificationReport report, SignatureVerdict s) => new(Vr + "SignatureValidationStatus",
        new XElement(Vr + "MainIndication", "urn:etsi:019102:mainindication:" + s.Indication switch
        {
            Indication.TotalPassed => "total-passed",
            Indication.TotalFailed => "total-failed",
            _ => "indeterminate",
        }),
        s.Indication == Indication.TotalPassed ? null : new XElement(Vr + "SubIndication", "urn:etsi:019102:subindication:" + (s.SubIndication ?? "FORMAT_FAILURE")),
        new XElement(Vr + "AssociatedValidationReportData",
            Chain(s),
            s.Revocation.Where(r => string.Equals(r.Status, "revoked", StringComparison.Ordinal) && r is { RevokedAt: not null, Sha256: not null }).Take(1).Select(r => Revoked(s, r)),
            Algorithm(s),
            new XElement(Vr + "AdditionalValidationReportData", Data(report, s).Select(d => new XElement(Vr + "ReportData",
                new XElement(Vr + "Type", "urn:vanbandientu:report:" + d.Key), new XElement(Vr + "Value", Text(d.Value)))))));

    private static XElement? Chain(SignatureVerdict s) => s.Chain.Count == 0 ? null : new XElement(Vr + "CertificateChain",
        Reference("SigningCertificate", Certificate(s.Chain[0].Sha256)),
        s.Chain.Skip(1).Where(c => !c.Anchor).Select(c => Reference("IntermediateCertificate", Certificate(c.Sha256))),
        s.Chain.Where(c => c.Anchor).Take(1).Select(c => Reference("TrustAnchor", Certificate(c.Sha256))));

    private static XElement? Revoked(SignatureVerdict s, RevocationVerdict revocation)
    {
        var place = s.Revocation.ToList().IndexOf(revocation);
        return place >= s.Chain.Count ? null : new XElement(Vr + "RevocationStatusInformation",
            Reference("ValidationObjectId", Certificate(s.Chain[place].Sha256)),
            new XElement(Vr + "RevocationTime", Time(revocation.RevokedAt!.Value)),
            Reference("RevocationObject", Answer(revocation.Sha256!)));
    }

    private static XElement? Algorithm(SignatureVerdict s) => s.Algorithm is not { } algorithm || s.Signer is null ? null : new XElement(Vr + "CryptoInformation",
        Reference("ValidationObjectId", Certificate(s.Signer.Sha256)),
        new XElement(Vr + "Algorithm", $"urn:vanbandientu:algorithm:{Uri.EscapeDataString(algorithm.Name)}:{Number(algorithm.Size ?? 0)}:{Uri.EscapeDataString(s.Digest ?? "-")}"),
        new XElement(Vr + "SecureAlgorithm", s.SubIndication is not "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
        algorithm.AcceptableUntil is { } until ? new XElement(Vr + "NotAfter", until + "T00:00:00Z") : null);

    private static IEnumerable<KeyValuePair<string, string>> Data(VerificationReport report, SignatureVerdict s) =>
    [
        new("program", report.Program),
        new("policy", $"{report.Policy.Id} {report.Policy.Version}"),
        new("trust", report.Trust.Id + (report.Trust.Sample ? " (sample)" : "")),
        new("integrity", s.Integrity.ToString()),
        new("coverage", s.Coverage.ToString()),
        new("later-changes", s.LaterChanges.ToString()),
        .. s.Reasons.Select(r => KeyValuePair.Create("reason", $"{r.Code}: {r.Text.Vi} / {r.Text.En}")),
        .. s.Changes.Select(c => KeyValuePair.Create("change", $"{Number(c.Revision)} {c.ChangeClass} {c.Object}: {c.Text.Vi} / {c.Text.En}")),
        .. s.Proofs.Select(p => KeyValuePair.Create("proof", $"{p.Kind} {Time(p.Time)}{(p.Used ? " used" : "")}")),
    ];

    private static XElement? Objects(FileVerdict file)
    {
        var certificates = file.Signatures.SelectMany(s => s.Chain.Select(c => c.Sha256).Concat(s.Signer is { } signer ? [signer.Sha256] : []))
            .Distinct(StringComparer.Ordinal).Select(sha => Object(Certificate(sha), "certificate", sha));
        var answers = file.Signatures.SelectMany(s => s.Revocation).Where(r => r.Sha256 is not null).DistinctBy(r => r.Sha256, StringComparer.Ordinal)
            .Select(r => Object(Answer(r.Sha256!), string.Equals(r.Source, "ocsp", StringComparison.Ordinal) ? "OCSPResponse" : "CRL", r.Sha256!));
        var all = certificates.Concat(answers).ToList();
        return all.Count == 0 ? null : new XElement(Vr + "SignatureValidationObjects", all);
    }

    private static XElement Object(string id, string type, string sha256) => new(Vr + "ValidationObject", new XAttribute("id", id),
        new XElement(Vr + "ObjectType", "urn:etsi:019102:validationObject:" + type),
        new XElement(Vr + "ValidationObjectRepresentation", Digest(sha256)));

    private static XElement Digest(string sha256) => new(Vr + "DigestAlgAndValue",
        new XElement(Ds + "DigestMethod", new XAttribute("Algorithm", "http://www.w3.org/2001/04/xmlenc#sha256")),
        new XElement(Ds + "DigestValue", Convert.ToBase64String(Convert.FromHexString(sha256))));

    private static IEnumerable<XElement> Proof(DateTimeOffset time, bool provided) =>
        [new(Vr + "POETime", Time(time)), new(Vr + "TypeOfProof", "urn:etsi:019102:poetype:" + (provided ? "provided" : "validation"))];

    private static XElement Reference(string name, string id) => new(Vr + name, new XAttribute("VOReference", id));

    private static string Certificate(string sha256) => "C-" + sha256;

    private static string Answer(string sha256) => "R-" + sha256;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToOffset(TimeSpan.FromHours(7)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    // Names come from files: what XML cannot carry becomes a visible mark.
    private static string Text(string? text) =>
        string.Concat((text ?? "").EnumerateRunes().Select(r => r.Value is 9 or 10 or 13 or (>= 0x20 and < 0xfffe) or > 0xffff ? r.ToString() : "\ufffd"));
}
