using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.IntegrationTests.Pdf;

/// <summary>Fills a placeholder with a CMS by .NET's own SignedCms, so that other programs can verify the file.</summary>
internal static class RealSigner
{
    private static readonly Lazy<X509Certificate2> Certificate = new(() =>
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Nguyen Van A, O=So Thu nghiem", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2045, 1, 1, 0, 0, 0, TimeSpan.Zero));
    });

    /// <summary>Signs <paramref name="input"/> into <paramref name="output"/>.</summary>
    public static PreparedSignature Sign(string input, string output, SignaturePlaceholder? placeholder = null)
    {
        using var file = PdfFile.Open(input);
        var prepared = (placeholder ?? new SignaturePlaceholder { Reason = "Ban hành" }).Prepare(file);
        using var written = File.Create(output);
        using var signed = new MemoryStream();
        prepared.WriteTo(written, part => signed.Write(part));
        var cms = new SignedCms(new ContentInfo(signed.ToArray()), detached: true);
        cms.ComputeSignature(new CmsSigner(Certificate.Value) { DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1") });
        prepared.Fill(written, cms.Encode());
        return prepared;
    }
}
