using Google.Rpc;
using Grpc.Core;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>A unit's quota as its system and the node's operator see it.</summary>
public sealed class QuotaTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [Fact]
    public async Task A_unit_at_its_quota_is_told_which_one_before_it_sends_a_byte_and_the_operator_sees_it()
    {
        var config = network.Government("quota");
        var node = await network.StartAsync(config with
        {
            Limits = config.Limits with { Quotas = [new QuotaConfig { Organ = "*", DailyDocuments = 1000 }, new QuotaConfig { Organ = "H99", DailyDocuments = 1 }] },
        }, time: new FarFromMidnight());
        using var sender = new UnitClient(network.Channel(node.Address, "system-H99"));
        var pdf = await File.ReadAllBytesAsync(Samples.CongVan);
        var first = await sender.SubmitAsync(UnitClient.Slip("quota-1", "G22"), pdf);
        var header = UnitClient.Slip("quota-2", "G22");
        using var call = sender.Outgoing.Submit(deadline: DateTime.UtcNow.AddMinutes(5));
        await call.RequestStream.WriteAsync(new SubmitRequest { Header = header }); // and not one byte more
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        CallerTests.AssertError(error, StatusCode.ResourceExhausted, "QUOTA_EXCEEDED");
        var violation = Assert.Single(error.GetRpcStatus()!.GetDetail<QuotaFailure>()!.Violations);
        Assert.Equal("H99/Daily", violation.Subject);
        Assert.Contains("gửi trong ngày 1/1 văn bản", violation.Description, StringComparison.Ordinal);
        Assert.NotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>());
        Assert.Equal(first, await sender.SubmitAsync(UnitClient.Slip("quota-1", "G22"), pdf));

        using var channel = network.Channel(node.Address, "operator");
        var status = await new OperationsService.OperationsServiceClient(channel).GetStatusAsync(new GetStatusRequest());
        Assert.Contains(status.Quotas, q => q is { OrganId: "H99", Kind: "Daily", Documents: 1, DocumentsLimit: 1 });
        Assert.Contains(status.Quotas, q => q is { OrganId: "G22", Kind: "Daily", Documents: 0, DocumentsLimit: 1000 });
        Assert.Contains(status.Problems, p => p.Vi.Contains("Cơ quan H99 đã hết hạn mức", StringComparison.Ordinal));
        using var other = new UnitClient(network.Channel(node.Address, "system-G22"));
        await other.SubmitAsync(UnitClient.Slip("quota-3", "H99"), pdf); // another organ's quota is its own
    }

    /// <summary>Goes an hour ahead in the last hour of Vietnam's day: a day's documents are counted from midnight on.</summary>
    private sealed class FarFromMidnight : TimeProvider
    {
        private readonly TimeSpan ahead = System.GetUtcNow().AddHours(7).Hour == 23 ? TimeSpan.FromHours(1) : TimeSpan.Zero;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
