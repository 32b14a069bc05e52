using System.Security.Cryptography;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Timestamps;

public sealed class TimestampTests : IDisposable
{
    private static readonly byte[] Content = "chữ ký"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly SampleAuthority _authority;
    private readonly TrustSnapshot _trust;

    public TimestampTests()
    {
        _authority = SampleAuthority.Init(_folder["pki"], new SampleAuthorityOptions { Profiles = [], AuthorityKey = SampleKeyType.P256 });
        _trust = TrustSnapshot.Load(_authority.TrustFolder, allowSample: true);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void A_token_is_intact_trusted_and_tells_the_time(string hash)
    {
        var token = Stamp(new HashAlgorithmName(hash));
        var judged = token.Judge(Digest(Content), [], _trust);
        Assert.True(judged.IsTrusted);
        Assert.Equal("VBDT SAMPLE TSA", judged.Authority!.CommonName);
        Assert.InRange(token.Time, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public void A_token_of_other_content_is_broken()
    {
        var judged = Stamp(HashAlgorithmName.SHA256).Judge(Digest("khác"u8.ToArray()), [], _trust);
        Assert.Equal(Integrity.Broken, judged.Integrity);
        Assert.False(judged.IsTrusted);
    }

    [Fact]
    public void A_token_with_one_bit_of_its_statement_or_signature_turned_is_never_intact()
    {
        var honest = Stamp(HashAlgorithmName.SHA256).Der.ToArray();
        var imprint = honest.AsSpan().IndexOf(SHA256.HashData(Content));
        var time = honest.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x18, 0x0f]) + 2;
        foreach (var at in Enumerable.Range(imprint, 32).Concat(Enumerable.Range(time, 14)).Concat(Enumerable.Range(honest.Length - 30, 30)))
        {
            var bent = (byte[])honest.Clone();
            bent[at] ^= 1;
            Assert.NotEqual(Integrity.Intact, Judge(bent)?.Integrity);
        }
    }

    [Fact]
    public void A_token_is_not_trusted_by_strangers()
    {
        var judged = Stamp(HashAlgorithmName.SHA256).Judge(Digest(Content), [], TrustSnapshot.Empty);
        Assert.Equal(Integrity.Intact, judged.Integrity);
        Assert.Equal("NO_CERTIFICATE_CHAIN_FOUND", judged.Path!.Failure!.SubIndication);
    }

    [Fact]
    public void A_request_that_cannot_be_granted_is_rejected_with_words()
    {
        var sha1 = new TimestampRequest(MessageHash.Sha1, new byte[20]).Encode();
        var rejected = TimestampResponse.Parse(_authority.AnswerTimestamp(sha1));
        Assert.False(rejected.IsGranted);
        Assert.Equal("rejection", rejected.StatusName);
        Assert.Contains("SHA-256", rejected.Text, StringComparison.Ordinal);
        Assert.False(TimestampResponse.Parse(_authority.AnswerTimestamp("rác"u8.ToArray())).IsGranted);
    }

    [Fact]
    public void Every_one_of_thousands_of_requests_at_once_is_granted()
    {
        var tokens = Enumerable.Range(0, 2000).AsParallel().Select(i => TimestampResponse.Parse(_authority.AnswerTimestamp(
            TimestampRequest.For(MessageHash.Sha256, SHA256.HashData(BitConverter.GetBytes(i))).Encode()))).ToList();
        Assert.All(tokens, t => Assert.True(t.IsGranted));
        Assert.Equal(2000, tokens.Select(t => TimestampToken.Parse(t.Token!.Value).SerialHex).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_CMS_that_is_no_timestamp_is_refused()
    {
        Assert.Throws<SigningException>(() => TimestampToken.Parse(_authority.Root.Der));
    }

    private TimestampJudgement? Judge(byte[] der)
    {
        try
        {
            return TimestampToken.Parse(der).Judge(Digest(Content), [], _trust);
        }
        catch (SigningException)
        {
            return null;
        }
    }

    private TimestampToken Stamp(HashAlgorithmName hash)
    {
        var request = TimestampRequest.For(MessageHash.OidOf(hash)!, CryptographicOperations.HashData(hash, Content));
        var response = TimestampResponse.Parse(_authority.AnswerTimestamp(request.Encode()));
        Assert.True(response.IsGranted);
        var token = TimestampToken.Parse(response.Token!.Value);
        Assert.Equal(request.Nonce!.Value.ToArray(), token.Nonce!.Value.ToArray());
        return token;
    }

    private static Func<string, byte[]?> Digest(byte[] content) => oid => MessageHash.TryCompute(oid, content, out var hash) ? hash : null;
}
