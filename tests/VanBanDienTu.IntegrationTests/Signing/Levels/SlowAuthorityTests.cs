using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Signing.Levels;

/// <summary>An authority that takes its time, as real ones do (131 s were seen), on a clock that the test moves.</summary>
public sealed class SlowAuthorityTests : LevelRig
{
    private readonly ManualTime _time = new();

    protected override TimeProvider Time => _time;

    [Fact]
    public async Task An_answer_after_60_s_is_waited_for_and_one_that_never_comes_is_given_up_after_the_patience_with_its_length()
    {
        var gate = new TaskCompletionSource();
        Pki.TimestampGate = gate.Task;
        var timestamps = Owned(new TimestampClient(new TimestampOptions { Authorities = [new Uri(Pki.Authority.TsaUrl)] }, Pki.Trust, _time));
        var signing = Signer(timestamps).SignAsync(Samples.CongVan, Folder["slow.pdf"], Key, new SignatureRequest { Level = BaselineLevel.Timestamped }, Ct);
        await AskedAsync(1);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(signing.IsCompleted);
        gate.SetResult();
        await signing;
        Assert.Equal("B-T", (await OfflineAsync(Folder["slow.pdf"])).Signatures[0].Level);

        Pki.TimestampGate = new TaskCompletionSource().Task;
        var refused = RefusedAsync(BaselineLevel.Timestamped, SigningFault.TimestampUnavailable, timestamps);
        await AskedAsync(2);
        _time.Advance(TimeSpan.FromSeconds(181));
        Assert.Contains($"{Pki.Authority.TsaUrl}: no answer within 180 s", (await refused).Message, StringComparison.Ordinal);
        Pki.TimestampGate = Task.CompletedTask;
    }

    // The request is at the authority: the client's own patience began before.
    private async Task AskedAsync(int times)
    {
        while (Pki.TimestampsAsked < times)
            await Task.Delay(10, Ct);
    }
}
