using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Timestamps;

namespace VanBanDienTu.Signing.Verification;

/// <summary>One signature as it stands in the file, taken apart but not yet judged.</summary>
internal sealed class SignatureMaterial
{
    private const int MaxContentTimestamps = 20;
    private const int MaxCertificates = 200;

    private SignatureMaterial(PdfSignatureField field, PdfSignatureDictionary dictionary, ByteRangeGate gate)
    {
        Field = field;
        Dictionary = dictionary;
        Gate = gate;
    }

    public PdfSignatureField Field { get; }
    public PdfSignatureDictionary Dictionary { get; }
    public ByteRangeGate Gate { get; }
    public CmsSignedData? Cms { get; private set; }

    /// <summary>For ETSI.RFC3161.</summary>
    public TimestampToken? Timestamp { get; private set; }

    /// <summary>The certificates that came with the signature; strangers among them do no harm.</summary>
    public IReadOnlyList<Certificate> Certificates { get; private set; } = [];

    /// <summary>Set when there is nothing to check: unreadable, or a format that we lack.</summary>
    public CmsCheck? Decided { get; private set; }

    /// <summary>The signer that the verdict is about; further ones are only reported.</summary>
    public CmsSignerInfo? Signer => Cms?.Signers is [var first, ..] ? first : null;

    /// <summary>By its format alone: /Type is a hint that anyone can write.</summary>
    public bool IsTimestamp => string.Equals(Dictionary.SubFilter, SubFilters.Rfc3161, StringComparison.Ordinal);

    /// <summary>Tokens that the signer had made over the content before signing it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ContentTimestamps =>
        IsTimestamp || Signer?.Signed(Oids.ContentTimestamp) is not { Count: > 0 } tokens ? [] : [.. tokens.Take(MaxContentTimestamps).Select(t => t.Raw)];

    /// <summary>The range has a shape that can be digested at all.</summary>
    public bool Hashable { get; private set; }

    public static SignatureMaterial Read(PdfFile file, PdfSignatureField field)
    {
        var dictionary = field.Signature!;
        var material = new SignatureMaterial(field, dictionary, ByteRangeGate.Judge(file, field)) { Hashable = IsHashable(dictionary.ByteRange, file.Bytes.Length) };
        try
        {
            material.Take();
        }
        catch (SigningException e)
        {
            material.Decided = Malformed(e);
        }
        return material;
    }

    /// <summary>Asks for every digest that <see cref="Check"/> will need.</summary>
    public void Want(RangeDigests digests)
    {
        foreach (var oid in OwnDigests())
            digests.Want(oid, Dictionary.ByteRange[1], Dictionary.ByteRange[2], Dictionary.ByteRange[3]);
        foreach (var oid in StampedHashes())
            digests.Want(oid, Dictionary.ByteRange[1], Dictionary.ByteRange[2], Dictionary.ByteRange[3]);
    }

    /// <summary>Digest and signature value, once the file was read.</summary>
    public CmsCheck Check(RangeDigests digests)
    {
        try
        {
            return Decided ?? CheckValue(digests);
        }
        catch (SigningException e)
        {
            return Malformed(e); // what is nested is only read when it is needed
        }
    }

    /// <summary>Every digest of the range that was wanted, by hash OID.</summary>
    public IReadOnlyDictionary<string, byte[]> Digests(RangeDigests digests) => OwnDigests().Concat(StampedHashes()).Distinct(StringComparer.Ordinal)
        .Select(oid => (Oid: oid, Digest: digests.Of(oid, Dictionary.ByteRange[1], Dictionary.ByteRange[2], Dictionary.ByteRange[3])))
        .Where(d => d.Digest is not null).ToDictionary(d => d.Oid, d => d.Digest!, StringComparer.Ordinal);

    private CmsCheck CheckValue(RangeDigests digests)
    {
        if (!Hashable)
            return CmsCheck.Decided(Integrity.Malformed, "FORMAT_FAILURE", new Reason(Gate.Code, new LocalText(Gate.Vi, Gate.En)));
        byte[]? OfRange(string oid) => digests.Of(oid, Dictionary.ByteRange[1], Dictionary.ByteRange[2], Dictionary.ByteRange[3]);
        if (Signer is not { } signer)
            return CmsCheck.OfRawValue(Certificates[0], RawValue(), OfRange);
        if (IsTimestamp)
            return CheckStamped(Timestamp!.HashOid, Timestamp.Imprint, signer, OfRange);
        return string.Equals(Dictionary.SubFilter, SubFilters.Pkcs7Sha1, StringComparison.Ordinal)
            ? CheckStamped(MessageHash.Sha1, Cms!.Content ?? default, signer, OfRange)
            : CmsCheck.Of(signer, Certificates, OfRange);
    }

    private void Take()
    {
        switch (Dictionary.SubFilter)
        {
            case SubFilters.X509RsaSha1:
                Certificates = Parsed(Dictionary.Certificates);
                if (Certificates.Count == 0)
                    Decided = CmsCheck.Decided(Integrity.Unsupported, "NO_SIGNING_CERTIFICATE_FOUND", CmsReasons.NoSigningCertificate);
                break;
            case SubFilters.Cades or SubFilters.Pkcs7Detached or SubFilters.Pkcs7Sha1 or SubFilters.Rfc3161:
                TakeCms();
                break;
            default:
                Decided = CmsCheck.Decided(Integrity.Unsupported, "FORMAT_FAILURE", CmsReasons.UnknownFormat(Dictionary.SubFilter));
                break;
        }
    }

    private void TakeCms()
    {
        Cms = CmsSignedData.Parse(Dictionary.Contents);
        if (Cms.Signers.Count == 0)
            throw BerElement.Malformed("it has no signer");
        Certificates = Parsed(Dictionary.Certificates.Count == 0 ? Cms.Certificates : [.. Cms.Certificates, .. Dictionary.Certificates]);
        if (IsTimestamp)
            Timestamp = TimestampToken.Parse(Dictionary.Cms);
    }

    /// <summary>The content of the CMS is itself a digest of the range (timestamps, adbe.pkcs7.sha1).</summary>
    private CmsCheck CheckStamped(string oid, ReadOnlyMemory<byte> stamped, CmsSignerInfo signer, Func<string, byte[]?> ofRange)
    {
        if (ofRange(oid) is not { } actual)
            return CmsCheck.Decided(Integrity.Unsupported, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", CmsReasons.UnsupportedDigest(oid), oid);
        var inner = CmsCheck.Of(signer, Certificates, d => MessageHash.TryCompute(d, Cms!.Content!.Value.Span, out var hash) ? hash : null);
        return inner.Integrity == Integrity.Broken || stamped.Span.SequenceEqual(actual)
            ? inner
            : CmsCheck.Decided(Integrity.Broken, "HASH_FAILURE", CmsReasons.HashFailure, oid, inner.Signer);
    }

    // A token that cannot be read stamps nothing.
    private IEnumerable<string> StampedHashes() => Decided is not null || !Hashable || ContentTimestamps is not { Count: > 0 } tokens ? []
        : tokens.Select(TimestampToken.TryParse).OfType<TimestampToken>().Select(t => t.HashOid);

    private string[] OwnDigests()
    {
        if (Decided is not null || !Hashable)
            return [];
        if (Signer is not { } signer)
            return [MessageHash.Sha1, MessageHash.Sha256, MessageHash.Sha384, MessageHash.Sha512];
        if (Timestamp is { } timestamp)
            return [timestamp.HashOid];
        if (string.Equals(Dictionary.SubFilter, SubFilters.Pkcs7Sha1, StringComparison.Ordinal))
            return [MessageHash.Sha1];
        return signer.SignedAttributesElement is null && CmsCheck.AlgorithmOf(signer)?.HashOid is { } hash ? [signer.Digest.Oid, hash] : [signer.Digest.Oid];
    }

    private static CmsCheck Malformed(SigningException e) =>
        CmsCheck.Decided(Integrity.Malformed, "FORMAT_FAILURE", new Reason("cms-malformed", new LocalText(e.Vietnamese, e.Message)));

    private ReadOnlyMemory<byte> RawValue() =>
        BerElement.TryRead(Dictionary.Contents, out var element) && element.Tag is 0x04 or 0x24 ? element.OctetString() : Dictionary.Contents;

    private static List<Certificate> Parsed(IReadOnlyList<ReadOnlyMemory<byte>> all)
    {
        var parsed = new List<Certificate>(Math.Min(all.Count, MaxCertificates));
        for (var i = 0; i < all.Count && i < MaxCertificates; i++)
        {
            if (Certificate.TryParse(all[i]) is { } certificate && !parsed.Contains(certificate))
                parsed.Add(certificate);
        }
        return parsed;
    }

    private static bool IsHashable(IReadOnlyList<long> range, long length) =>
        range.Count == 4 && range[0] == 0 && range[1] > 0 && range[2] >= range[1] && range[3] >= 0 && range[2] <= length && range[3] <= length - range[2];
}
