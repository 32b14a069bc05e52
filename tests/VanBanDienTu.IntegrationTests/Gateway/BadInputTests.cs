using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway;

/// <summary>Bad submissions: one clear answer each, and nothing is kept of them.</summary>
public sealed class BadInputTests(TestNetwork network) : IClassFixture<TestNetwork>, IAsyncLifetime
{
    private static readonly byte[] Pdf = File.ReadAllBytes(Samples.CongVan);
    private UnitClient unit = null!;
    private string data = null!;

    public async ValueTask InitializeAsync()
    {
        data = "bad-input-" + Guid.NewGuid();
        var config = network.Government(data);
        var node = await network.StartAsync(config with { Limits = new LimitsConfig { MaxAttachments = 2, MaxAttachmentBytes = 1 << 20, MaxRecipients = 3 } });
        unit = new UnitClient(network.Channel(node.Address, "system-H99"));
    }

    public ValueTask DisposeAsync()
    {
        unit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        var header = UnitClient.Slip("", "G22", "G22");
        header.Document.PromulgationDate = "22/11/2026";
        header.Document.Subject = new string('x', 501);
        header.Attachments[0].Sha256 = "abc";
        header.Attachments.Add([new Attachment { Name = "b.pdf" }, new Attachment { Name = "c.pdf" }]);
        var error = await RefusalAsync(header, []);
        CallerTests.AssertError(error, StatusCode.InvalidArgument, "INVALID_FIELD");
        var fields = error.GetRpcStatus()!.Details.Single(d => d.Is(BadRequest.Descriptor)).Unpack<BadRequest>().FieldViolations.Select(v => v.Field).ToList();
        Assert.Contains("request_id", fields);
        Assert.Contains("document.promulgation_date", fields);
        Assert.Contains("document.subject", fields);
        Assert.Contains("attachments", fields);
        Assert.Contains("attachments[0].sha256", fields);
        Assert.Contains(fields, field => field.StartsWith("recipients[1]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chunk_may_not_be_larger_than_256_KiB() =>
        CallerTests.AssertError(
            await RefusalAsync(UnitClient.Slip("large", "G22"), [new Chunk { Data = ByteString.CopyFrom(new byte[(256 << 10) + 1]) }]),
            StatusCode.InvalidArgument, "CHUNK_TOO_LARGE");

    [Fact]
    public async Task Chunks_come_in_the_order_of_the_attachments()
    {
        var header = UnitClient.Slip("order", "G22");
        header.Attachments.Add(new Attachment { Name = "phu-luc.pdf" });
        var one = ByteString.CopyFromUtf8("1");
        CallerTests.AssertError(await RefusalAsync(header, [new Chunk { Attachment = 1, Data = one }, new Chunk { Attachment = 0, Data = one }]),
            StatusCode.InvalidArgument, "CHUNK_ORDER");
        CallerTests.AssertError(await RefusalAsync(header, [new Chunk { Attachment = 2, Data = one }]), StatusCode.InvalidArgument, "CHUNK_ORDER");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_size_that_differs_from_the_announced_one_is_refused(int difference)
    {
        var header = UnitClient.Slip("size" + difference, "G22");
        header.Attachments[0].Size = Pdf.Length + difference;
        CallerTests.AssertError(await RefusalAsync(header, UnitClient.Chunks(0, Pdf)), StatusCode.InvalidArgument, "SIZE_MISMATCH");
    }

    [Fact]
    public async Task Bytes_that_differ_from_the_announced_digest_are_refused()
    {
        var header = UnitClient.Slip("digest", "G22");
        header.Attachments[0].Sha256 = new string('0', 64);
        CallerTests.AssertError(await RefusalAsync(header, UnitClient.Chunks(0, Pdf)), StatusCode.InvalidArgument, "DIGEST_MISMATCH");
    }

    [Fact]
    public async Task An_attachment_beyond_the_limit_is_refused_while_it_comes()
    {
        var many = Enumerable.Range(0, 8).Select(_ => new Chunk { Data = ByteString.CopyFrom(new byte[256 << 10]) });
        CallerTests.AssertError(await RefusalAsync(UnitClient.Slip("limit", "G22"), many), StatusCode.InvalidArgument, "ATTACHMENT_TOO_LARGE");
    }

    [Fact]
    public async Task A_stream_without_its_header_is_refused()
    {
        using var call = unit.Outgoing.Submit();
        await call.RequestStream.WriteAsync(new SubmitRequest { Chunk = new Chunk { Data = ByteString.CopyFromUtf8("1") } });
        await call.RequestStream.CompleteAsync();
        CallerTests.AssertError(await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync), StatusCode.InvalidArgument, "HEADER_MISSING");
    }

    [Fact]
    public async Task A_recipient_that_nobody_knows_is_named()
    {
        // The node has no route upward, so what it does not know nobody knows.
        var error = await RefusalAsync(UnitClient.Slip("unknown", "G50"), UnitClient.Chunks(0, Pdf));
        CallerTests.AssertError(error, StatusCode.InvalidArgument, "ORGAN_UNKNOWN");
        Assert.Contains("G50", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_documents_do_not_travel_here()
    {
        var header = UnitClient.Slip("secret", "G22");
        header.Document.Secrecy = "Mật";
        CallerTests.AssertError(await RefusalAsync(header, UnitClient.Chunks(0, Pdf)), StatusCode.InvalidArgument, "SECRET_DOCUMENT");
    }

    [Fact]
    public async Task The_same_request_answers_the_same_and_other_content_is_a_signed_conflict()
    {
        var first = await unit.SubmitAsync(UnitClient.Slip("again", "G22"), Pdf);
        Assert.Equal(first, await unit.SubmitAsync(UnitClient.Slip("again", "G22"), Pdf));
        var other = UnitClient.Slip("again", "G22");
        other.Document.Subject = "V/v khác";
        var error = await RefusalAsync(other, UnitClient.Chunks(0, Pdf));
        CallerTests.AssertError(error, StatusCode.AlreadyExists, "REQUEST_ID_REUSED");
        var proof = error.GetRpcStatus()!.Details.Single(d => d.Is(Evidence.Descriptor)).Unpack<Evidence>();
        Assert.NotEmpty(proof.Signature);
    }

    [Fact]
    public async Task Nothing_is_kept_of_an_upload_that_breaks_off()
    {
        var before = Files();
        using (var call = unit.Outgoing.Submit())
        {
            await call.RequestStream.WriteAsync(new SubmitRequest { Header = UnitClient.Slip("breaks", "G22") });
            await call.RequestStream.WriteAsync(new SubmitRequest { Chunk = new Chunk { Data = ByteString.CopyFrom(new byte[200_000]) } });
            await Task.Delay(200);
        } // disposed: the call is cancelled

        for (var patience = new Patience(); patience.Lasts && Files() != before;)
            await Task.Delay(100);
        Assert.Equal(before, Files());
        Assert.Empty((await unit.Outgoing.ListAsync(new ListOutgoingRequest())).Documents);
    }

    [Fact]
    public async Task A_full_disk_refuses_new_documents_and_says_so_in_its_health()
    {
        var full = await network.StartAsync(network.Government("full") with { Limits = new LimitsConfig { MinFreeBytes = 1L << 60 } });
        using var channel = network.Channel(full.Address, "system-H99");
        using var sender = new UnitClient(channel);
        var error = await Assert.ThrowsAsync<RpcException>(() => sender.SubmitAsync(UnitClient.Slip("full", "G22"), Pdf));
        CallerTests.AssertError(error, StatusCode.ResourceExhausted, "DISK_FULL");
        Assert.Contains(error.GetRpcStatus()!.Details, detail => detail.Is(RetryInfo.Descriptor));
        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = "vanbandientu.v1.OutgoingService" });
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, health.Status);
        Assert.Empty((await sender.Outgoing.ListAsync(new ListOutgoingRequest())).Documents); // reading still works
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(501)]
    public async Task A_page_has_1_to_500_entries(int size) =>
        CallerTests.AssertError(
            await Assert.ThrowsAsync<RpcException>(async () => await unit.Outgoing.ListAsync(new ListOutgoingRequest { PageSize = size })),
            StatusCode.InvalidArgument, "INVALID_FIELD");

    private Task<RpcException> RefusalAsync(SubmitHeader header, IEnumerable<Chunk> chunks) =>
        Assert.ThrowsAsync<RpcException>(() => unit.SubmitAsync(header, chunks));

    private int Files() => new[] { "payloads", "incomplete" }.Select(folder => Path.Combine(network[data], folder))
        .Sum(folder => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() : 0);
}
