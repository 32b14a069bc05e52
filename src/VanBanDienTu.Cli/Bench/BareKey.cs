using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VanBanDienTu.Cli.Bench;

/// <summary>A key as the platform gives it, with nothing of ours around it: what the limits are measured with.</summary>
internal sealed class BareKey : IDisposable
{
    private readonly RSA? rsa;
    private readonly ECDsa? ecdsa;

    private BareKey(X509Certificate2 certificate) => (rsa, ecdsa) = (certificate.GetRSAPrivateKey(), certificate.GetECDsaPrivateKey());

    public static BareKey Load(string file, string password)
    {
        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, password);
        return new BareKey(certificate);
    }

    public byte[] Sign(byte[] hash) => rsa?.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? ecdsa!.SignHash(hash);

    public bool Verify(byte[] hash, byte[] signature) =>
        rsa?.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? ecdsa!.VerifyHash(hash, signature);

    public void Dispose()
    {
        rsa?.Dispose();
        ecdsa?.Dispose();
    }
}
