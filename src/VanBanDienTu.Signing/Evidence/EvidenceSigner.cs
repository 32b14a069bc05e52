using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Signing.Evidence;

/// <summary>
/// Signs evidence (chứng cứ điện tử): a detached CAdES signature over any bytes, with the certificates up to the root's
/// child inside, so that <c>openssl cms -verify</c> checks it without this program. Safe for many threads.
/// </summary>
public sealed class EvidenceSigner(ISigningKey key)
{
    private readonly CadesBuilder _cades = new(key, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);

    /// <summary>Whose evidence it is.</summary>
    public Certificate Certificate => key.Certificate;

    /// <summary>The DER of the detached CMS over <paramref name="content"/>.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.KeyFailed"/>.</exception>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        var attributes = _cades.SignedAttributes(SHA256.HashData(content));
        var signing = key.SignHashAsync(SHA256.HashData(attributes), HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, CancellationToken.None);
        // A key in this process answers at once; a remote one is waited for, since receipts are signed before they leave.
        var value = signing.IsCompletedSuccessfully ? signing.Result : signing.AsTask().GetAwaiter().GetResult();
        return _cades.Assemble(attributes, value);
    }
}
