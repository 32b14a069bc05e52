using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys;

/// <summary>A key and its certificates from a PKCS#12 file (.p12, .pfx). Safe for use by many threads.</summary>
public sealed class Pkcs12Key : ISigningKey, IDisposable
{
    /// <summary>Larger files are refused: no key file is that big.</summary>
    public const int MaxBytes = 1 << 20;

    private readonly RSA? _rsa;
    private readonly ECDsa? _ecdsa;

    private Pkcs12Key(Certificate certificate, IReadOnlyList<Certificate> chain, RSA? rsa, ECDsa? ecdsa)
    {
        Certificate = certificate;
        Chain = chain;
        _rsa = rsa;
        _ecdsa = ecdsa;
    }

    /// <inheritdoc/>
    public Certificate Certificate { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Certificate> Chain { get; }

    /// <inheritdoc/>
    public string KeyAlgorithm => _rsa is not null ? "RSA" : "ECDSA";

    /// <summary>Opens a key file. The password is used here and kept nowhere.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.KeyUnreadable"/>, <see cref="SigningFault.WrongPassword"/>,
    /// <see cref="SigningFault.NoPrivateKey"/>, <see cref="SigningFault.NoCertificate"/>, <see cref="SigningFault.KeyDoesNotMatch"/>,
    /// <see cref="SigningFault.KeyUnsupported"/>: all final. Expiry and usage are judged by the signer, at the time of signing.</exception>
    public static Pkcs12Key Load(string path, string password)
    {
        var name = Path.GetFileName(path);
        return Load(Pkcs12File.Read(path), password, name);
    }

    /// <summary>Opens a key from the bytes of a PKCS#12 file; <paramref name="name"/> is for messages.</summary>
    public static Pkcs12Key Load(byte[] pkcs12, string password, string name)
    {
        Pkcs12File.Check(pkcs12, password, name);
        using var certificates = new DisposableCertificates(Pkcs12File.Open(pkcs12, password, name));
        var leaf = certificates.All.FirstOrDefault(c => c.HasPrivateKey) ?? throw Pkcs12File.NoUsableKey(pkcs12, password, name, certificates.All.Count);
        var certificate = Certificate.Parse(leaf.RawData);
        var others = certificates.All.Where(c => !ReferenceEquals(c, leaf)).Select(c => Certificate.Parse(c.RawData)).ToList();
        var key = new Pkcs12Key(certificate, KeyChain.Order(certificate, others), leaf.GetRSAPrivateKey(), leaf.GetECDsaPrivateKey());
        key.CheckUsable(leaf, name);
        return key;
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return new ValueTask<byte[]>(_rsa is not null
                ? _rsa.SignHash(hash.Span, algorithm, padding == SignaturePadding.Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
                : _ecdsa!.SignHash(hash.Span, DSASignatureFormat.Rfc3279DerSequence));
        }
        catch (CryptographicException e)
        {
            throw new SigningException(SigningFault.KeyFailed, "The private key could not sign: " + e.Message,
                "Khóa bí mật không ký được: " + e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rsa?.Dispose();
        _ecdsa?.Dispose();
    }

    private void CheckUsable(X509Certificate2 leaf, string name)
    {
        var usable = _rsa is { KeySize: >= 2048 and <= 16384 } || (_ecdsa is not null && Certificate.PublicKey.CurveOid is "1.2.840.10045.3.1.7" or "1.3.132.0.34" or "1.3.132.0.35");
        if (!usable)
        {
            Dispose();
            throw new SigningException(SigningFault.KeyUnsupported,
                $"The key in {name} is not one we sign with; use RSA of at least 2048 bits or ECDSA on P-256, P-384 or P-521.",
                $"Khóa trong {name} không dùng để ký được; hãy dùng RSA từ 2048 bit hoặc ECDSA P-256, P-384, P-521.");
        }
        var hash = SHA256.HashData("probe"u8);
        var fits = _rsa is not null
            ? leaf.GetRSAPublicKey()!.VerifyHash(hash, _rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : leaf.GetECDsaPublicKey()!.VerifyHash(hash, _ecdsa!.SignHash(hash));
        if (fits)
            return;
        Dispose();
        throw Pkcs12File.DoesNotMatch(name);
    }

    private sealed class DisposableCertificates(X509Certificate2Collection all) : IDisposable
    {
        public X509Certificate2Collection All { get; } = all;

        public void Dispose()
        {
            foreach (var certificate in All)
                certificate.Dispose();
        }
    }
}
