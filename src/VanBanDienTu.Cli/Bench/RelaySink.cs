using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Cli.Bench;

/// <summary>The next node as far as a hub sees it: takes messages, keeps nothing, answers with receipts that it signs.</summary>
internal sealed class RelaySink : AxisLinkService.AxisLinkServiceBase, IDisposable
{
    private readonly Pkcs12Key key;
    private readonly EvidenceSigner signer;

    private RelaySink(Pkcs12Key key) => (this.key, signer) = (key, new EvidenceSigner(key));

    /// <summary>Who waits for a message to arrive here.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Waiting { get; } = new(StringComparer.Ordinal);

    /// <summary>Listens as the government's node would.</summary>
    public static async Task<(RelaySink Sink, WebApplication App)> StartAsync(SampleAuthority authority, int port)
    {
        var sink = new RelaySink(Pkcs12Key.Load(authority.KeyFile("evidence-government"), authority.Password));
        var certificate = X509CertificateLoader.LoadPkcs12FromFile(authority.KeyFile("node-government"), authority.Password);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(sink);
        var app = builder.Build();
        app.MapGrpcService<RelaySink>();
        await app.StartAsync();
        return (sink, app);
    }

    public override async Task<DeliverResponse> Deliver(IAsyncStreamReader<DeliverRequest> requestStream, ServerCallContext context)
    {
        MessageHeader? header = null;
        while (await requestStream.MoveNext(context.CancellationToken))
            header ??= requestStream.Current.Header;
        var receipt = Receipt(header!);
        if (Waiting.TryRemove(header!.MessageId, out var waiting)) waiting.SetResult();
        return new DeliverResponse { Accepted = true, Receipt = receipt };
    }

    public void Dispose() => key.Dispose();

    private Evidence Receipt(MessageHeader header)
    {
        var id = Guid.CreateVersion7().ToString();
        const string Event = "RelayAcceptance";
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            @event = Event,
            evidenceId = id,
            issuer = new { node = "government", organ = SampleNetwork.GovernmentOrgan },
            messageDigest = header.ImmutableDigest,
            messageId = header.MessageId,
        });
        return new Evidence
        {
            EvidenceId = id,
            Event = Event,
            Json = ByteString.CopyFrom(json),
            Signature = ByteString.CopyFrom(signer.Sign(json)),
            TimeUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            Issuer = "government",
        };
    }
}
