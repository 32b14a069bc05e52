using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Verification.TimeStories;

/// <summary>A PDF to which the story adds a revision at a time: a signature, validation material, a document timestamp.</summary>
internal sealed class StoryFile(StoryPki pki) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<byte[]> _answers = [];
    private int _step;

    /// <summary>The file as it stands.</summary>
    public string Path { get; private set; } = Samples.CongVan;

    /// <summary>Signs as of now; with the authority, a signature timestamp (B-T).</summary>
    public void Sign(SampleCa person, SampleCa? tsa = null, params IReadOnlyList<Certificate> chain)
    {
        var builder = new CadesBuilder(new StoryKey(person, chain.Count > 0 ? chain : [pki.Ca.Certificate]), HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
        Append(new SignaturePlaceholder { Time = pki.Time.GetUtcNow() }, hash =>
        {
            var attributes = builder.SignedAttributes(hash);
            var cms = builder.Assemble(attributes, ((ECDsa)person.Key).SignData(attributes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            return tsa is null ? cms : Stamped(cms, tsa);
        });
    }

    /// <summary>Signs as of now, by .NET's own CMS, with a timestamp over the content made before.</summary>
    /// <param name="clockOf">Whose clock the authority over the content follows; null: the story's.</param>
    public void SignContentStamped(SampleCa person, SampleCa contentTsa, SampleCa? tsa, bool otherContent = false, StoryPki? clockOf = null)
    {
        using var file = PdfFile.Open(Path);
        var prepared = new SignaturePlaceholder { Time = pki.Time.GetUtcNow() }.Prepare(file);
        using var stream = new FileStream(Next(), FileMode.CreateNew, FileAccess.ReadWrite);
        using var content = new MemoryStream();
        prepared.WriteTo(stream, bytes => content.Write(bytes));
        var token = (clockOf ?? pki).Token(contentTsa, SHA256.HashData(otherContent ? "khác"u8.ToArray() : content.ToArray()));
        var cms = new SignedCms(new ContentInfo(content.ToArray()), detached: true);
        using var certificate = person.Certificate.ToX509().CopyWithPrivateKey((ECDsa)person.Key);
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate) { IncludeOption = X509IncludeOption.EndCertOnly };
        signer.Certificates.Add(pki.Ca.Certificate.ToX509());
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(Oids.ContentTimestamp), token));
        cms.ComputeSignature(signer);
        prepared.Fill(stream, tsa is null ? cms.Encode() : Stamped(cms.Encode(), tsa));
        Path = stream.Name;
    }

    /// <summary>A document timestamp over all there is (with validation material before it: B-LTA).</summary>
    public void Stamp(SampleCa tsa) => Append(new SignaturePlaceholder { Type = "DocTimeStamp", SubFilter = "ETSI.RFC3161" }, hash => pki.Token(tsa, hash));

    /// <summary>Validation material as of now: the lists of the authorities, beside what was there (B-LT).</summary>
    public void Embed(params IEnumerable<SampleCa> authorities) => EmbedData("CRLs", [.. (authorities.Any() ? authorities : [pki.Root, pki.Ca]).Select(pki.Crl)]);

    public void EmbedData(string list, IReadOnlyList<byte[]> data, params IReadOnlyList<Certificate> certificates)
    {
        _answers.AddRange(data);
        using var file = PdfFile.Open(Path);
        var writer = new PdfIncrementalWriter(file);
        PdfArray Streams(IEnumerable<byte[]> all) => new([.. all.Select(d => (PdfObject)new PdfReference(writer.Add(new PdfStream(PdfDictionary.Empty, d))))]);
        var store = new PdfDictionary((list, Streams(_answers)), ("Certs", Streams(certificates.Select(c => c.Der.ToArray()))));
        writer.Replace(((PdfReference)file.Trailer["Root"]).Target, file.Catalog.With("DSS", new PdfReference(writer.Add(store))));
        using var output = File.Create(Next());
        writer.WriteTo(output);
        Path = output.Name;
    }

    /// <summary>What an auditor is told now, from nothing but the file.</summary>
    public async Task<FileVerdict> VerifyAsync(VerifierOptions? options = null, DateTimeOffset? at = null, Func<string, EarlierEvidence?>? earlier = null)
    {
        var order = new VerificationOrder { At = at, Earlier = earlier is null ? null : (sha256, _) => Task.FromResult(earlier(sha256)) };
        return (await new PdfVerifier(pki.Trust, null, pki.Time, options).ExamineAsync(Path, order, TestContext.Current.CancellationToken)).Verdict;
    }

    public void Dispose() => _folder.Dispose();

    private byte[] Stamped(byte[] cms, SampleCa tsa)
    {
        var signed = new SignedCms();
        signed.Decode(cms);
        var token = pki.Token(tsa, SHA256.HashData(signed.SignerInfos[0].GetSignature()));
        signed.SignerInfos[0].AddUnsignedAttribute(new AsnEncodedData(new Oid(Oids.SignatureTimestamp), token));
        return signed.Encode();
    }

    private void Append(SignaturePlaceholder placeholder, Func<byte[], byte[]> value)
    {
        using var file = PdfFile.Open(Path);
        var prepared = placeholder.Prepare(file);
        using var stream = new FileStream(Next(), FileMode.CreateNew, FileAccess.ReadWrite);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        prepared.WriteTo(stream, hash.AppendData);
        prepared.Fill(stream, value(hash.GetHashAndReset()));
        Path = stream.Name;
    }

    private string Next() => _folder[$"{++_step}.pdf"];

    private sealed class StoryKey(SampleCa person, IReadOnlyList<Certificate> chain) : ISigningKey
    {
        public Certificate Certificate => person.Certificate;
        public IReadOnlyList<Certificate> Chain => chain;
        public string KeyAlgorithm => "ECDSA";

        public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation) =>
            ValueTask.FromResult(((ECDsa)person.Key).SignHash(hash.Span, DSASignatureFormat.Rfc3279DerSequence));
    }
}
