using System.Buffers;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Errors;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Messages;
using VanBanDienTu.Relay.Restored;
using VanBanDienTu.Relay.Payloads;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Links;

/// <summary>The way to a neighbouring node of ours: <c>AxisLinkService.Deliver</c> over mutual TLS.</summary>
internal sealed partial class NodeLink(string name, GrpcChannel channel, TimeProvider time, ILogger<NodeLink> log) : IAxisLink, IPeerMemory, IDisposable
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
            var offsets = await HeldAsync(message, ct);
            using var call = client.Deliver(deadline: deadline.UtcDateTime, cancellationToken: ct);
            await WriteAsync(call, message, offsets, ct);
            return Outcome(await call.ResponseAsync);
        }
        catch (RpcException e) when (!ct.IsCancellationRequested)
        {
            return Outcome(PeerError.From(e));
        }
    }

    /// <inheritdoc/>
    public async Task<ExchangedPage> ListAsync(DateTimeOffset since, string page, CancellationToken ct)
    {
        try
        {
            var answer = await client.ListExchangedAsync(
                new Proto.ListExchangedRequest { SinceUnixMs = since.ToUnixTimeMilliseconds(), Page = page },
                deadline: (time.GetUtcNow() + LeastTime).UtcDateTime, cancellationToken: ct);
            return new ExchangedPage([.. answer.Messages.Select(message => message.ToRelay())], answer.NextPage.NullWhenEmpty());
        }
        catch (RpcException e) when (!ct.IsCancellationRequested)
        {
            throw new PeerMemoryException(Sentence(PeerError.From(e)), e);
        }
    }

    /// <inheritdoc/>
    public async Task<MessageHeader?> FetchAsync(Guid message, Func<Attachment, IAsyncEnumerable<ReadOnlyMemory<byte>>, Task> keep, CancellationToken ct)
    {
        try
        {
            using var call = client.FetchExchanged(new Proto.FetchExchangedRequest { MessageId = message.ToString() }, cancellationToken: ct);
            if (!await call.ResponseStream.MoveNext(ct) || call.ResponseStream.Current.Header is not { } wire)
                throw new PeerMemoryException("The answer has no header.");
            var header = wire.ToRelay();
            var more = await call.ResponseStream.MoveNext(ct);
            for (var i = 0; i < header.Attachments.Count; i++)
                await keep(header.Attachments[i], ChunksAsync(i));
            return header;

            async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync(int index)
            {
                for (; more && call.ResponseStream.Current.Chunk is { } chunk && chunk.Attachment == index; more = await call.ResponseStream.MoveNext(ct))
                    yield return chunk.Data.Memory;
            }
        }
        catch (RpcException e) when (!ct.IsCancellationRequested)
        {
            return e.StatusCode == StatusCode.NotFound ? null : throw new PeerMemoryException(Sentence(PeerError.From(e)), e);
        }
    }

    /// <summary>The far node's units that are newer than a version.</summary>
    public async Task<Proto.ListUnitsResponse> ListUnitsAsync(long afterVersion, CancellationToken ct) =>
        await new Proto.DirectoryService.DirectoryServiceClient(channel).ListUnitsAsync(
            new Proto.ListUnitsRequest { AfterVersion = afterVersion }, deadline: (time.GetUtcNow() + LeastTime).UtcDateTime, cancellationToken: ct);

    public void Dispose() => channel.Dispose();

    /// <summary>What an earlier attempt brought over already, by attachment.</summary>
    private async Task<IReadOnlyList<long>> HeldAsync(OutboundMessage message, CancellationToken ct)
    {
        var attachments = message.Header.Attachments;
        if (message.Attempt < 2 || attachments.All(a => a.Payload.Size <= PayloadStore.ResumableBytes))
            return [];
        var question = new Proto.GetUploadRequest { Id = message.Header.Id.ToString() };
        question.Attachments.Add(attachments.Select(a => a.ToProto()));
        try
        {
            var answer = await client.GetUploadAsync(question, deadline: (time.GetUtcNow() + LeastTime).UtcDateTime, cancellationToken: ct);
            var usable = answer.Offsets.Select((offset, i) => i < attachments.Count && offset >= 0 && offset < attachments[i].Payload.Size ? offset : 0).ToList();
            if (usable.Any(offset => offset > 0))
                LogResumed(log, message.Header.Id, Name, string.Join(", ", usable.Select((offset, i) => $"{offset} of {attachments[i].Payload.Size}")));
            return usable;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unimplemented or StatusCode.PermissionDenied)
        {
            return []; // a node of before
        }
    }

    [LoggerMessage(EventId = 1, EventName = "DeliveryResumed", Level = LogLevel.Information, Message = "Message {Message} to {Link} goes on at byte {Offsets}")]
    private static partial void LogResumed(ILogger log, Guid message, string link, string offsets);

    private static async Task WriteAsync(
        AsyncClientStreamingCall<Proto.DeliverRequest, Proto.DeliverResponse> call, OutboundMessage message, IReadOnlyList<long> offsets, CancellationToken ct)
    {
        try
        {
            await call.RequestStream.WriteAsync(new Proto.DeliverRequest { Header = message.Header.ToProto(message.ImmutableDigest) }, ct);
            using var buffer = MemoryPool<byte>.Shared.Rent(message.Header.Attachments.Count == 0 ? 0 : ChunkBytes);
            for (var i = 0; i < message.Header.Attachments.Count; i++)
                if (!await WriteAttachmentAsync(call, message, i, offsets.ElementAtOrDefault(i), buffer.Memory[..ChunkBytes], ct))
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
        AsyncClientStreamingCall<Proto.DeliverRequest, Proto.DeliverResponse> call, OutboundMessage message, int index, long offset, Memory<byte> buffer, CancellationToken ct)
    {
        var attachment = message.Header.Attachments[index];
        await using var bytes = message.Open(attachment);
        await bytes.PassAsync(offset, ct);
        while (await bytes.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct) is > 0 and var count)
        {
            if (call.ResponseAsync.IsCompleted)
                return false;
            var chunk = Streams.ChunkOf(index, offset, buffer[..count], attachment.Payload.Size > PayloadStore.ResumableBytes);
            await call.RequestStream.WriteAsync(new Proto.DeliverRequest { Chunk = chunk }, ct); // serialised before it returns
            offset += count;
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
        StatusCode.OutOfRange when error.Reason == "OFFSET_UNKNOWN" => new AxisOutcome.Busy(Sentence(error), TimeSpan.FromSeconds(1)),
        StatusCode.AlreadyExists => new AxisOutcome.Conflict(error.Proof),
        StatusCode.InvalidArgument when error.Reason is "DIGEST_MISMATCH" or "SIZE_MISMATCH" or "CHUNK_ORDER" or "CHUNK_DAMAGED"
            => new AxisOutcome.Failed(Sentence(error)),
        StatusCode.InvalidArgument or StatusCode.PermissionDenied or StatusCode.FailedPrecondition or StatusCode.NotFound
            => new AxisOutcome.Refused(new Reason(error.Reason, error.Vi, error.En), error.Proof),
        // Unauthenticated too: an expired certificate of ours is put right within days, and the documents are still here.
        _ => new AxisOutcome.Unreachable(Sentence(error)),
    };

    private static string Sentence(PeerError error) => error.Reason.Length > 0 ? $"{error.Reason}: {error.En}" : $"{error.Code}: {error.En}";
}
