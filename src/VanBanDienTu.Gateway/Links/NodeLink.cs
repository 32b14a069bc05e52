using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using VanBanDienTu.Gateway.Errors;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Links;

/// <summary>The way to a neighbouring node of ours: <c>AxisLinkService.Deliver</c> over mutual TLS.</summary>
internal sealed class NodeLink(string name, GrpcChannel channel, TimeProvider time) : IAxisLink, IDisposable
{
    public const int ChunkBytes = 256 << 10;

    // Generous: a slow line is not an error, a silent one is.
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(60);
    private const int SlowestBytesPerSecond = 32 << 10;

    private readonly Proto.AxisLinkService.AxisLinkServiceClient client = new(channel);

    public string Name { get; } = name;

    /// <inheritdoc/>
    public async Task<AxisOutcome> SendAsync(OutboundMessage message, CancellationToken ct)
    {
        var size = message.Header.Attachments.Sum(attachment => attachment.Payload.Size);
        var deadline = time.GetUtcNow() + LeastTime + TimeSpan.FromSeconds(size / SlowestBytesPerSecond);
        try
        {
            using var call = client.Deliver(deadline: deadline.UtcDateTime, cancellationToken: ct);
            await WriteAsync(call, message, ct);
            return Outcome(await call.ResponseAsync);
        }
        catch (RpcException e) when (!ct.IsCancellationRequested)
        {
            return Outcome(PeerError.From(e));
        }
    }

    /// <summary>The far node's units that are newer than a version.</summary>
    public async Task<Proto.ListUnitsResponse> ListUnitsAsync(long afterVersion, CancellationToken ct) =>
        await new Proto.DirectoryService.DirectoryServiceClient(channel).ListUnitsAsync(
            new Proto.ListUnitsRequest { AfterVersion = afterVersion }, deadline: (time.GetUtcNow() + LeastTime).UtcDateTime, cancellationToken: ct);

    public void Dispose() => channel.Dispose();

    private static async Task WriteAsync(AsyncClientStreamingCall<Proto.DeliverRequest, Proto.DeliverResponse> call, OutboundMessage message, CancellationToken ct)
    {
        try
        {
            await call.RequestStream.WriteAsync(new Proto.DeliverRequest { Header = message.Header.ToProto(message.ImmutableDigest) }, ct);
            var buffer = new byte[ChunkBytes];
            for (var i = 0; i < message.Header.Attachments.Count; i++)
                if (!await WriteAttachmentAsync(call, message, i, buffer, ct))
                    return;
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The peer answered, or ended the call, while we wrote: what it said is in the response.
        }
    }

    /// <summary>False when the peer has answered already: it holds this message, or refuses it.</summary>
    private static async Task<bool> WriteAttachmentAsync(
        AsyncClientStreamingCall<Proto.DeliverRequest, Proto.DeliverResponse> call, OutboundMessage message, int index, byte[] buffer, CancellationToken ct)
    {
        await using var bytes = message.Open(message.Header.Attachments[index]);
        while (await bytes.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct) is > 0 and var count)
        {
            if (call.ResponseAsync.IsCompleted)
                return false;
            var chunk = new Proto.Chunk { Attachment = index, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) };
            await call.RequestStream.WriteAsync(new Proto.DeliverRequest { Chunk = chunk }, ct); // serialised before it returns
        }

        return true;
    }

    private static AxisOutcome Outcome(Proto.DeliverResponse response)
    {
        var receipt = response.Receipt?.ToRelay();
        return response.Accepted
            ? new AxisOutcome.Accepted(receipt, receipt?.Time)
            : new AxisOutcome.Refused(new Reason(response.ReasonCode, response.Reason?.Vi ?? "", response.Reason?.En ?? ""), receipt);
    }

    private static AxisOutcome Outcome(PeerError error) => error.Code switch
    {
        StatusCode.ResourceExhausted => new AxisOutcome.Busy(Sentence(error), error.RetryAfter),
        StatusCode.AlreadyExists => new AxisOutcome.Conflict(error.Proof),
        StatusCode.InvalidArgument when error.Reason is "DIGEST_MISMATCH" or "SIZE_MISMATCH" or "CHUNK_ORDER"
            => new AxisOutcome.Failed(Sentence(error)),
        StatusCode.InvalidArgument or StatusCode.PermissionDenied or StatusCode.FailedPrecondition or StatusCode.NotFound
            => new AxisOutcome.Refused(new Reason(error.Reason, error.Vi, error.En), error.Proof),
        // Unauthenticated too: an expired certificate of ours is put right within days, and the documents are still here.
        _ => new AxisOutcome.Unreachable(Sentence(error)),
    };

    private static string Sentence(PeerError error) => error.Reason.Length > 0 ? $"{error.Reason}: {error.En}" : $"{error.Code}: {error.En}";
}
