using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.UnitTests.Signing.Certificates;

/// <summary>A key that was prepared once says of every value what .NET says of it.</summary>
public sealed class PreparedRsaTests
{
    public static TheoryData<int, string> Keys => new()
    {
        { 1024, "SHA1" },
        { 2048, "SHA256" },
        { 2048, "SHA512" },
        { 3072, "SHA384" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void What_holds_and_what_does_not_is_told_apart_again_and_again(int bits, string name)
    {
        var function = new HashAlgorithmName(name);
        using var rsa = RSA.Create(bits);
        using var prepared = Of(rsa, function)!;
        byte[] hash = CryptographicOperations.HashData(function, "signed"u8), other = CryptographicOperations.HashData(function, "changed"u8);
        var value = rsa.SignHash(hash, function, RSASignaturePadding.Pkcs1);
        var changed = value.ToArray();
        changed[^1] ^= 1;
        for (var i = 0; i < 3; i++)
        {
            Assert.True(prepared.Verify(hash, value));
            Assert.False(prepared.Verify(other, value));
            Assert.False(prepared.Verify(hash, changed));
            Assert.False(prepared.Verify(hash, value.AsSpan(1)));
            Assert.False(prepared.Verify(hash, []));
            Assert.False(prepared.Verify(hash.AsSpan(1), value));
            Assert.False(prepared.Verify(hash, rsa.SignHash(hash, function, RSASignaturePadding.Pss)));
            Assert.True(rsa.VerifyHash(hash, value, function, RSASignaturePadding.Pkcs1)); // nothing was left behind that .NET would meet
        }
    }

    [Fact]
    public void A_value_over_another_hash_function_does_not_hold()
    {
        using var rsa = RSA.Create(2048);
        using var prepared = Of(rsa, HashAlgorithmName.SHA256)!;
        var hash = SHA256.HashData("signed"u8);
        Assert.True(prepared.IsFor(HashAlgorithmName.SHA256));
        Assert.False(prepared.IsFor(HashAlgorithmName.SHA3_256));
        Assert.False(prepared.Verify(hash, rsa.SignHash(hash, HashAlgorithmName.SHA3_256, RSASignaturePadding.Pkcs1)));
    }

    [Fact]
    public void Numbers_that_are_not_written_as_DER_has_them_are_left_to_others()
    {
        Assert.Null(PreparedRsa.TryCreate([0, 0, 0x80, 1], [1, 0, 1], HashAlgorithmName.SHA256));
        Assert.Null(PreparedRsa.TryCreate([0x80, 1], [1, 0, 1], HashAlgorithmName.SHA256));
        Assert.Null(PreparedRsa.TryCreate([], [1, 0, 1], HashAlgorithmName.SHA256));
    }

    private static PreparedRsa? Of(RSA rsa, HashAlgorithmName hash)
    {
        var numbers = rsa.ExportParameters(includePrivateParameters: false);
        return PreparedRsa.TryCreate([0, .. numbers.Modulus!], numbers.Exponent!, hash);
    }
}
