using System.Security.Cryptography;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.TestKit;
using VanBanDienTu.TestKit.Pki;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

public sealed class TimestampClientTests : LevelRig
{
    private static readonly byte[] Hash = SHA256.HashData("nội dung"u8);

    [Fact]
    public async Task The_next_authority_is_asked_when_one_fails()
    {
        var nobody = new Uri("http://127.0.0.1:1/");
        var done = await Timestamps(null, nobody, new Uri(Pki.Authority.TsaUrl)).StampAsync(HashAlgorithmName.SHA256, Hash, Ct);
        Assert.Equal(Pki.Authority.TsaUrl, done.From.ToString());
        Assert.Equal(Hash, done.Token.Imprint.ToArray());
        Assert.Equal(Pki.Authority.TimestampCertificate, done.Authority);
    }

    [Fact]
    public async Task When_all_fail_each_is_named_with_its_own_reason()
    {
        Pki.TimestampLie = PkiLie.WrongNonce;
        var refused = await Assert.ThrowsAsync<SigningException>(() =>
            Timestamps(null, new Uri("http://127.0.0.1:1/"), new Uri(Pki.Authority.TsaUrl)).StampAsync(HashAlgorithmName.SHA256, Hash, Ct));
        Assert.Contains("http://127.0.0.1:1/: it could not be reached", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{Pki.Authority.TsaUrl}: the nonce is wrong", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_failures_an_authority_is_left_alone_for_a_while_and_then_tried_again()
    {
        var time = new ManualTime();
        using var client = new TimestampClient(new() { Authorities = [new Uri(Pki.Authority.TsaUrl)], FailuresUntilBreak = 3, BreakDuration = TimeSpan.FromMinutes(1) }, Pki.Trust, time);
        Pki.TimestampLie = PkiLie.ServerError;
        for (var i = 0; i < 6; i++)
            await Assert.ThrowsAsync<SigningException>(() => client.StampAsync(HashAlgorithmName.SHA256, Hash, Ct));
        Assert.Equal(3, Pki.Requests.Count);
        Pki.TimestampLie = PkiLie.None;
        var open = await Assert.ThrowsAsync<SigningException>(() => client.StampAsync(HashAlgorithmName.SHA256, Hash, Ct));
        Assert.Contains("left alone", open.Message, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(Hash, (await client.StampAsync(HashAlgorithmName.SHA256, Hash, Ct)).Token.Imprint.ToArray());
    }

    [Fact]
    public async Task A_pause_that_began_while_the_clock_was_ahead_ends_after_its_length_when_the_clock_is_set_right()
    {
        var time = new ManualTime();
        var right = time.GetUtcNow();
        using var client = new TimestampClient(new() { Authorities = [new Uri(Pki.Authority.TsaUrl)], FailuresUntilBreak = 3, BreakDuration = TimeSpan.FromMinutes(1) }, Pki.Trust, time);
        await client.StampAsync(HashAlgorithmName.SHA256, Hash, Ct);
        time.SetClock(right + TimeSpan.FromHours(1));
        for (var i = 0; i < 6; i++)
            await Assert.ThrowsAsync<SigningException>(() => client.StampAsync(HashAlgorithmName.SHA256, Hash, Ct));
        time.SetClock(right);
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(Hash, (await client.StampAsync(HashAlgorithmName.SHA256, Hash, Ct)).Token.Imprint.ToArray());
    }

    [Fact]
    public async Task No_more_calls_than_the_cap_are_open_at_once()
    {
        var gate = new TaskCompletionSource();
        Pki.TimestampGate = gate.Task;
        var client = Timestamps(o => o with { MaxConcurrentCalls = 2 });
        var all = Enumerable.Range(0, 8).Select(_ => client.StampAsync(HashAlgorithmName.SHA256, Hash, Ct)).ToList();
        for (var patience = new Patience(); patience.Lasts && Pki.MostTimestampsAtOnce < 2;)
            await Task.Delay(20, Ct);
        gate.SetResult();
        await Task.WhenAll(all);
        Assert.Equal((8, 2), (Pki.Requests.Count, Pki.MostTimestampsAtOnce));
    }

    [Fact]
    public async Task A_policy_that_is_not_offered_is_refused_and_the_one_that_is_comes_back()
    {
        var honest = await Timestamps().StampAsync(HashAlgorithmName.SHA256, Hash, Ct);
        var same = await Timestamps(o => o with { PolicyOid = honest.Token.PolicyOid }).StampAsync(HashAlgorithmName.SHA384, SHA384.HashData("nội dung"u8), Ct);
        Assert.Equal(honest.Token.PolicyOid, same.Token.PolicyOid);
        var refused = await Assert.ThrowsAsync<SigningException>(() => Timestamps(o => o with { PolicyOid = "1.2.3.4" }).StampAsync(HashAlgorithmName.SHA256, Hash, Ct));
        Assert.Contains("policy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_without_a_path_to_the_anchors_is_refused()
    {
        await using var other = await TestPki.StartAsync([]);
        var refused = await Assert.ThrowsAsync<SigningException>(() => Timestamps(null, new Uri(other.Authority.TsaUrl)).StampAsync(HashAlgorithmName.SHA256, Hash, Ct));
        Assert.Contains("the authority's certificate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_ends_when_the_caller_says_so()
    {
        Pki.TimestampLie = PkiLie.Silent;
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Timestamps().StampAsync(HashAlgorithmName.SHA256, Hash, stop.Token));
    }

    [Theory]
    [InlineData("ftp://tsa.example/")]
    [InlineData("file:///etc/passwd")]
    public void An_address_that_is_not_http_is_refused(string address) =>
        Assert.Equal(SigningFault.BadRequest, Assert.Throws<SigningException>(() => new TimestampClient(new() { Authorities = [new Uri(address)] }, null, Pki.Time)).Fault);
}
