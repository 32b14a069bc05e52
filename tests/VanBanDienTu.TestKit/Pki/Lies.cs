using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.TestKit.Pki;

/// <summary>How honest bytes become lies.</summary>
internal static class Lies
{
    private static ReadOnlySpan<byte> EcdsaSha256 => [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

    private static ReadOnlySpan<byte> OcspBasic => [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01];

    /// <summary>Turns one bit of the signature: of an OCSP response inside, of a CRL or a token at the very end.</summary>
    public static byte[] WrongSignature(byte[] honest)
    {
        var lie = (byte[])honest.Clone();
        var isOcsp = honest.AsSpan().IndexOf(OcspBasic) >= 0;
        lie[isOcsp ? honest.AsSpan().IndexOf(EcdsaSha256) + EcdsaSha256.Length + 20 : lie.Length - 1] ^= 1;
        return lie;
    }

    /// <summary>A request that differs from the one sent, so that an honest answer to it is a lie.</summary>
    public static byte[] Request(byte[] request, PkiLie lie)
    {
        var other = (byte[])request.Clone();
        if (lie == PkiLie.WrongNonce)
            other[^1] ^= 1;
        else
            other[SerialEnd(request)] ^= 1;
        return other;
    }

    /// <summary>The honest answer, but signed by the responder that another authority (for nodes) delegated.</summary>
    public static byte[] ByAnotherResponder(SampleAuthority authority, byte[] request)
    {
        using var folder = CopyOf(authority);
        foreach (var end in new[] { ".key", ".pem" })
            File.Copy(folder["authority/ocsp-nodes" + end], folder["authority/ocsp-officials" + end], overwrite: true);
        return SampleAuthority.Open(folder.Path).AnswerOcsp(request);
    }

    /// <summary>A timestamp request that differs from the one sent.</summary>
    public static byte[] TimestampRequest(byte[] request, PkiLie lie)
    {
        var asked = VanBanDienTu.Signing.Timestamps.TimestampRequest.Parse(request);
        return (lie switch
        {
            PkiLie.WrongNonce => asked with { Nonce = Flipped(asked.Nonce!.Value) },
            PkiLie.WrongImprint => asked with { Hash = Flipped(asked.Hash) },
            _ => asked with { PolicyOid = "1.2.3.4" },
        }).Encode();
    }

    /// <summary>An honest timestamp of now, by an authority whose certificate ended yesterday.</summary>
    public static byte[] ByExpiredTimestampAuthority(SampleAuthority authority, TimeProvider time, byte[] request)
    {
        using var folder = CopyOf(authority);
        using var issuer = X509Certificate2.CreateFromPemFile(folder["authority/officials.pem"], folder["authority/officials.key"]);
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(folder["authority/tsa.key"]));
        var asked = new CertificateRequest("CN=TSA hết hạn", key, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        asked.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.8")], critical: true));
        foreach (var marker in authority.TimestampCertificate.ToX509().Extensions.Where(e => e.Oid!.Value!.StartsWith("2.25.", StringComparison.Ordinal)))
            asked.CertificateExtensions.Add(marker);
        var now = time.GetUtcNow();
        using var expired = asked.Create(issuer, now.AddDays(-100), now.AddDays(-1), [0x2a, 1, 2, 3]);
        File.WriteAllText(folder["authority/tsa.pem"], expired.ExportCertificatePem());
        return SampleAuthority.Open(folder.Path, time).AnswerTimestamp(request);
    }

    private static TemporaryFolder CopyOf(SampleAuthority authority)
    {
        var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(authority.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = folder[Path.GetRelativePath(authority.Folder, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        Directory.CreateDirectory(folder["authority/revoked"]);
        return folder;
    }

    private static byte[] Flipped(ReadOnlyMemory<byte> bytes)
    {
        var other = bytes.ToArray();
        other[^1] ^= 1;
        return other;
    }

    // Sample serials are 16 bytes: the INTEGER of that length in a request with one certificate.
    private static int SerialEnd(byte[] request)
    {
        var start = request.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0x10]);
        return start + 2 + 15;
    }
}
