using System.IO.Pipelines;
using System.Net.Sockets;
using Grpc.Framing;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>One call on Kestrel. This file: what the service sees. Beside it: reading, writing, and how a call ends.</summary>
internal sealed partial class ServerCall(HttpContext http, MethodSettings settings, IMethod method) : ServerCallContext
{
    private Metadata? requestHeaders;
    private Metadata? responseTrailers;
    private AuthContext? authContext;
    private CancellationTokenSource? cancellation;
    private ICompressionProvider? requestEncoding;
    private DateTime deadline = DateTime.MaxValue;
    private Status status;

    public HttpContext Http => http;

    public MethodSettings Settings => settings;

    protected override string MethodCore => method.FullName;

    protected override string HostCore => http.Request.Host.Value ?? "";

    protected override string PeerCore
    {
        get
        {
            var address = http.Connection.RemoteIpAddress;
            if (address is null)
                return "unknown";
            if (address.IsIPv4MappedToIPv6)
                address = address.MapToIPv4();
            return address.AddressFamily == AddressFamily.InterNetwork
                ? $"ipv4:{address}:{http.Connection.RemotePort}"
                : $"ipv6:[{address}]:{http.Connection.RemotePort}";
        }
    }

    protected override DateTime DeadlineCore => deadline;

    protected override Metadata RequestHeadersCore => requestHeaders ??= ReadRequestHeaders();

    protected override CancellationToken CancellationTokenCore => deadlineTimer is null ? http.RequestAborted : LinkedCancellation();

    protected override Metadata ResponseTrailersCore => responseTrailers ??= [];

    protected override Status StatusCore
    {
        get => status;
        set => status = value;
    }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => authContext ??= PeerCertificate.ToAuthContext(http.Connection.ClientCertificate);

    /// <summary>Reads what the request's headers ask of us and starts the deadline.</summary>
    /// <exception cref="RpcException">The headers cannot be served.</exception>
    public void Begin(bool streamsRequest)
    {
        var headers = http.Request.Headers;
        http.Response.ContentType = HeaderNames.ContentType;

        if (headers.GrpcTimeout is [{ } timeoutText])
        {
            if (!TimeoutHeader.TryDecode(timeoutText, out var timeout))
                throw new RpcException(new Status(StatusCode.Internal, $"The grpc-timeout '{timeoutText}' is not a number of at most eight digits and a unit."));
            StartDeadline(timeout);
        }

        if (headers.GrpcEncoding is [{ } encoding] && !settings.Encodings.TryFind(encoding, out requestEncoding))
        {
            http.Response.Headers.GrpcAcceptEncoding = settings.Encodings.Accepted;
            throw new RpcException(new Status(StatusCode.Unimplemented, $"The message encoding '{encoding}' is not supported; supported are: {settings.Encodings.Accepted}."));
        }

        ChooseResponseEncoding(settings.Compression);
        if (streamsRequest)
            RequestLimits.LiftFor(http);
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (http.Response.HasStarted || began)
            throw new InvalidOperationException("The response headers were already sent.");
        EnterWrite();
        try
        {
            if (responseHeaders.GetValue(HeaderNames.InternalRequestEncoding) is { } chosen)
            {
                if (!settings.Encodings.TryFind(chosen, out var provider))
                    throw new InvalidOperationException($"The response encoding '{chosen}' has no compression provider.");
                ChooseResponseEncoding(provider);
            }

            ResponseHeaders.Append(http.Response.Headers, responseHeaders);
            began = true;
            await http.Response.BodyWriter.FlushAsync(CancellationTokenCore);
        }
        finally
        {
            LeaveWrite();
        }
    }

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in http.Request.Headers)
        {
            if (HeaderNames.IsHidden(name))
                continue;
            foreach (var value in values)
                BinaryHeader.AddReceived(metadata, name, value ?? "");
        }

        return metadata;
    }

    private CancellationToken LinkedCancellation()
    {
        if (Volatile.Read(ref cancellation) is { } existing)
            return existing.Token;
        var created = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        if (Interlocked.CompareExchange(ref cancellation, created, null) is { } first)
        {
            created.Dispose();
            return first.Token;
        }

        if (Volatile.Read(ref deadlinePassed))
            created.Cancel();
        return created.Token;
    }
}
