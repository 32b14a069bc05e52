using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Signing.Remote;

/// <summary>A key that somebody else holds: it notes the hash it should sign, and signs with the value that it was given for it.</summary>
internal sealed class RemoteKey(Certificate certificate, IReadOnlyList<Certificate> chain, byte[]? value = null) : ISigningKey
{
    public Certificate Certificate { get; } = certificate;

    public IReadOnlyList<Certificate> Chain { get; } = KeyChain.Order(certificate, chain);

    public string KeyAlgorithm { get; } = certificate.PublicKey.AlgorithmName is "RSA" or "ECDSA" ? certificate.PublicKey.AlgorithmName
        : throw new SigningException(SigningFault.KeyUnsupported, "The certificate's key is not RSA or ECDSA; we do not sign with it.", "Khóa của chứng thư số không phải RSA hay ECDSA; không dùng để ký được.");

    /// <summary>What was to be signed; null before.</summary>
    public byte[]? Asked { get; private set; }

    public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, SignaturePadding padding, CancellationToken cancellation)
    {
        if (value is null)
        {
            Asked = hash.ToArray();
            throw new SigningException(SigningFault.ValueAwaited, "The signature value is made elsewhere and is awaited.", "Đang chờ giá trị chữ ký từ nơi giữ khóa.");
        }
        if (Asked is not null) // a second, larger layout: the timestamp was longer than the room that was prepared
            throw new SigningException(SigningFault.SignatureTooLarge, "The timestamp is longer than what was prepared; prepare again, or use another authority.", "Dấu thời gian dài hơn chỗ đã chuẩn bị; hãy chuẩn bị lại hoặc dùng máy chủ khác.");
        Asked = hash.ToArray();
        return ValueTask.FromResult(ForeignValue.Accept(Certificate, value, hash.Span, algorithm, padding)
            ?? throw new SigningException(SigningFault.ValueDoesNotVerify,
                $"The signature value does not verify with the certificate of {Certificate.CommonName}: it is of another key, another hash or another padding. Sign the hash of the signed attributes as it is, without hashing it again.",
                $"Giá trị chữ ký không khớp với chứng thư số của {Certificate.CommonName}: khác khóa, khác giá trị băm hoặc khác kiểu đệm. Hãy ký đúng giá trị băm của thuộc tính ký, không băm thêm lần nữa."));
    }
}
