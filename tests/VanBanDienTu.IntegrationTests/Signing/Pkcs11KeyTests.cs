using System.Security.Cryptography;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Keys.Pkcs11;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>Keys on tokens: SoftHSM, with pdfsig and pkcs11-tool as second opinions.</summary>
public sealed class Pkcs11KeyTests(SampleTokens tokens) : IClassFixture<SampleTokens>
{
    private readonly SoftToken soft = tokens.Soft;

    public static TheoryData<string, string, string, bool> Signatures => new()
    {
        { "rsa2048", Samples.CongVan, "SHA256", false },
        { "rsa2048", Samples.QuyetDinh, "SHA384", true },
        { "p256", Samples.BaoCao, "SHA256", false },
        { "p384", Samples.CongVan, "SHA384", false },
        { "p521", Samples.QuyetDinh, "SHA512", false },
        { "rsa2048-luon-hoi", Samples.CongVan, "SHA256", false },
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public async Task A_sample_signed_by_a_token_is_valid_for_pdfsig(string type, string sample, string digest, bool pss)
    {
        using var folder = new TemporaryFolder();
        using var key = soft.Open(type);
        Assert.Equal("Trần Thị B", key.Certificate.CommonName);
        Assert.Equal("Intermediate of tests", Assert.Single(key.Chain).CommonName);
        var request = new SignatureRequest { Digest = new HashAlgorithmName(digest), Padding = pss ? SignaturePadding.Pss : SignaturePadding.Pkcs1 };
        await new PdfSigner(TimeProvider.System).SignAsync(sample, folder["1.pdf"], key, request, TestContext.Current.CancellationToken);
        Assert.Contains("Signature Validation: Signature is Valid.", ExternalTool.Run("pdfsig", "-nocert", folder["1.pdf"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_threads_may_sign_with_one_token()
    {
        using var key = soft.Open("p256");
        using var other = ECDsa.Create();
        other.ImportSubjectPublicKeyInfo(key.Certificate.PublicKey.SubjectPublicKeyInfo.Span, out var _);
        await Parallel.ForAsync(0, 32, TestContext.Current.CancellationToken, async (i, ct) =>
        {
            var hash = SHA256.HashData([(byte)i]);
            Assert.True(other.VerifyHash(hash, await key.SignHashAsync(hash, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, ct), DSASignatureFormat.Rfc3279DerSequence));
        });
    }

    [Fact]
    public void A_wrong_pin_is_named_and_stands_in_no_message()
    {
        var refused = Assert.Throws<SigningException>(() => Pkcs11Key.Open(soft.Address("rsa2048"), "99887766"));
        Assert.Equal(SigningFault.WrongPin, refused.Fault);
        Assert.Contains("CKR_PIN_INCORRECT", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("99887766", refused + refused.Vietnamese, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pkcs11:token=p256;object=khac?module-path=MODULE", SigningFault.TokenKeyNotFound, "«khac»")]
    [InlineData("pkcs11:token=empty?module-path=MODULE", SigningFault.TokenKeyNotFound, "no private key")]
    [InlineData("pkcs11:token=khac?module-path=MODULE", SigningFault.TokenAbsent, "«rsa2048»")]
    [InlineData("pkcs11:object=ky-so?module-path=MODULE", SigningFault.KeyAddressInvalid, "add token=")]
    [InlineData("pkcs11:token=p256?module-path=/khong/co.so", SigningFault.TokenModuleUnusable, "no such file")]
    [InlineData("pkcs11:token=p256?module-path=/etc/hostname", SigningFault.TokenModuleUnusable, "cannot be loaded")]
    [InlineData("pkcs11:token=p256?module-path=/lib/x86_64-linux-gnu/libm.so.6", SigningFault.TokenModuleUnusable, "no C_GetFunctionList")]
    public void What_cannot_be_opened_is_named(string address, SigningFault fault, string word)
    {
        var refused = Assert.Throws<SigningException>(() => Pkcs11Key.Open(address.Replace("MODULE", soft.Module, StringComparison.Ordinal), SoftToken.Pin));
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_found_by_its_id_alone()
    {
        using var key = Pkcs11Key.Open($"pkcs11:token=p256;id=%0a%01?module-path={soft.Module}", SoftToken.Pin);
        Assert.Equal("ECDSA", key.KeyAlgorithm);
    }

    [Theory]
    [InlineData(CryptokiResult.DeviceRemoved)]
    [InlineData(CryptokiResult.SessionHandleInvalid)]
    public async Task A_token_that_was_out_for_a_moment_is_logged_in_again(ulong answer)
    {
        var module = new BentModule(soft);
        module.SignAnswers(answer, times: 1);
        using var key = Pkcs11Key.Open(module.Cryptoki, Pkcs11Uri.Parse(soft.Address("p256")), SoftToken.Pin);
        var hash = SHA256.HashData("a"u8);
        var value = await key.SignHashAsync(hash, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken);
        using var other = ECDsa.Create();
        other.ImportSubjectPublicKeyInfo(key.Certificate.PublicKey.SubjectPublicKeyInfo.Span, out var _);
        Assert.True(other.VerifyHash(hash, value, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(2, module.Calls);
    }

    [Theory]
    [InlineData(CryptokiResult.DeviceRemoved, SigningFault.TokenAbsent, 2)]
    [InlineData(CryptokiResult.SessionHandleInvalid, SigningFault.TokenAbsent, 2)]
    [InlineData(0x70, SigningFault.KeyUnsupported, 1)]
    [InlineData(0x05, SigningFault.KeyFailed, 1)]
    public async Task A_token_that_stays_away_is_named_and_can_come_back(ulong answer, SigningFault fault, int calls)
    {
        var module = new BentModule(soft);
        module.SignAnswers(answer, times: calls);
        using var key = Pkcs11Key.Open(module.Cryptoki, Pkcs11Uri.Parse(soft.Address("p256")), SoftToken.Pin);
        var hash = SHA256.HashData("a"u8);
        var refused = await Assert.ThrowsAsync<SigningException>(async () => await key.SignHashAsync(hash, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken));
        Assert.Equal((fault, calls), (refused.Fault, module.Calls));
        Assert.NotEmpty(await key.SignHashAsync(hash, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(CryptokiResult.PinLocked, SigningFault.PinLocked, "CKR_PIN_LOCKED")]
    [InlineData(CryptokiResult.PinIncorrect, SigningFault.WrongPin, "CKR_PIN_INCORRECT")]
    public async Task A_pin_that_was_refused_once_is_never_sent_again(ulong answer, SigningFault fault, string name)
    {
        var module = new BentModule(soft);
        module.SignAnswers(CryptokiResult.DeviceRemoved, times: 1);
        using var key = Pkcs11Key.Open(module.Cryptoki, Pkcs11Uri.Parse(soft.Address("p256")), SoftToken.Pin);
        module.LoginAnswers(answer);
        for (var i = 0; i < 3; i++)
        {
            var refused = await Assert.ThrowsAsync<SigningException>(async () => await key.SignHashAsync(SHA256.HashData("a"u8), HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken));
            Assert.Equal(fault, refused.Fault);
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(SoftToken.Pin, refused.Message + refused.Vietnamese, StringComparison.Ordinal);
        }
        Assert.Equal(2, module.Calls); // one C_Sign, one C_Login
    }

    [Fact]
    public async Task A_key_that_wants_its_pin_every_time_gets_it_every_time()
    {
        using var key = soft.Open("rsa2048-luon-hoi");
        using var other = RSA.Create();
        other.ImportSubjectPublicKeyInfo(key.Certificate.PublicKey.SubjectPublicKeyInfo.Span, out var _);
        for (byte i = 0; i < 3; i++)
        {
            var hash = SHA256.HashData([i]);
            var value = await key.SignHashAsync(hash, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken);
            Assert.True(other.VerifyHash(hash, value, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
        // That the token really wants it: without the PIN for this one signature it refuses.
        var module = new BentModule(soft);
        module.LoginAnswers(CryptokiResult.UserAlreadyLoggedIn); // said, but not done
        using var unasked = Pkcs11Key.Open(module.Cryptoki, Pkcs11Uri.Parse(soft.Address("rsa2048-luon-hoi")), SoftToken.Pin);
        var refused = await Assert.ThrowsAsync<SigningException>(async () => await unasked.SignHashAsync(SHA256.HashData("a"u8), HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken));
        Assert.Contains("CKR_USER_NOT_LOGGED_IN", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_pulled_out_is_named_and_signs_again_once_it_is_back()
    {
        var module = new BentModule(soft);
        module.CanBePulled();
        using var key = Pkcs11Key.Open(module.Cryptoki, Pkcs11Uri.Parse(soft.Address("p384")), SoftToken.Pin);
        module.Pull();
        for (var i = 0; i < 2; i++)
            Assert.Equal(SigningFault.TokenAbsent, (await Assert.ThrowsAsync<SigningException>(SignAsync)).Fault);
        module.PutBack(); // its sessions are gone: a new one is opened and logged in
        Assert.NotEmpty(await SignAsync());

        async Task<byte[]> SignAsync() => await key.SignHashAsync(SHA384.HashData("a"u8), HashAlgorithmName.SHA384, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Keys_of_two_modules_sign_side_by_side()
    {
        using var second = new SoftToken();
        using var leaf = TestKeys.LeafCertificate("p256", name: "CN=Lê Văn C");
        second.Add("p256", leaf, []);
        using var here = soft.Open("p256");
        using var there = second.Open("p256");
        Assert.Equal(("Trần Thị B", "Lê Văn C"), (here.Certificate.CommonName, there.Certificate.CommonName));
        foreach (var key in new[] { here, there, here })
        {
            using var other = ECDsa.Create();
            other.ImportSubjectPublicKeyInfo(key.Certificate.PublicKey.SubjectPublicKeyInfo.Span, out var _);
            var hash = SHA256.HashData("a"u8);
            Assert.True(other.VerifyHash(hash, await key.SignHashAsync(hash, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken), DSASignatureFormat.Rfc3279DerSequence));
        }
    }
}
