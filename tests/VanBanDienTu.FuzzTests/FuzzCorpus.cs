using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.Signing.Verification;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.FuzzTests;

/// <summary>What is bent: the signed and hostile PDFs of other projects, our samples, and the certificates, CRLs and OCSP answers inside them.</summary>
internal sealed class FuzzCorpus
{
    private const int LargestFile = 400_000;

    public FuzzCorpus()
    {
        var paths = Directory.EnumerateFiles(Samples.Corpus, "*.pdf", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Append(Samples.CongVan);
        Files = [.. paths.Select(p => (Path.GetFileName(p), File.ReadAllBytes(p))).Where(f => f.Item2.Length <= LargestFile), .. Encrypted()];
        foreach (var (_, bytes) in Files)
            Collect(bytes);
        // Roots found in the files are trusted here, so that the bent files get past the question of trust and into all that follows.
        Trust = TrustSnapshot.Of(Certificates.Where(c => c.IsCa && c.IsSelfIssued), allowSample: true);
    }

    public IReadOnlyList<(string Name, byte[] Bytes)> Files { get; }
    public List<Certificate> Certificates { get; } = [];
    public List<ReadOnlyMemory<byte>> Answers { get; } = [];
    public TrustSnapshot Trust { get; }

    /// <summary>Files that anyone may open, so that what is bent is decrypted and not refused at the door.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Encrypted()
    {
        using var folder = new TemporaryFolder();
        return [.. EncryptedForms.All.Keys.Select(form => ($"{form}.pdf", File.ReadAllBytes(EncryptedForms.Encrypt(Samples.CongVan, folder[form], form, user: ""))))];
    }

    private void Collect(byte[] bytes)
    {
        try
        {
            using var file = PdfFile.Open(PdfBytes.Of(bytes));
            var store = DocumentSecurityStore.Read(file);
            Certificates.AddRange(store.Certificates);
            Answers.AddRange(store.Revocation.OcspResponses.Concat(store.Revocation.Crls));
            foreach (var contents in file.SignatureFields.Select(f => f.Signature?.Contents).OfType<ReadOnlyMemory<byte>>())
                Certificates.AddRange(CmsSignedData.Parse(contents).Certificates.Select(c => Certificate.TryParse(c)).OfType<Certificate>());
        }
        catch (Exception e) when (e is PdfException or SigningException)
        {
            // Many are broken on purpose; they are bent all the same.
        }
    }
}
