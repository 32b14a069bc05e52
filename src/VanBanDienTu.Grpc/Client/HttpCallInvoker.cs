namespace Grpc.Net.Client;

/// <summary>Makes a channel's calls.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        return new AsyncUnaryCall<TResponse>(
            call.RunUnaryAsync(request), ClientCall.HeadersOf, ClientCall.StatusOf, ClientCall.TrailersOf, ClientCall.Disposer, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.Start(call.ContentOf(request));
        return new AsyncServerStreamingCall<TResponse>(
            new ResponseReader<TRequest, TResponse>(call), ClientCall.HeadersOf, ClientCall.StatusOf, ClientCall.TrailersOf, ClientCall.Disposer, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        var requests = new RequestWriter<TRequest, TResponse>(call);
        call.Start(requests.Content);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests, call.ReadOnlyResponseAsync(), ClientCall.HeadersOf, ClientCall.StatusOf, ClientCall.TrailersOf, ClientCall.Disposer, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        var requests = new RequestWriter<TRequest, TResponse>(call);
        call.Start(requests.Content);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            requests, new ResponseReader<TRequest, TResponse>(call),
            ClientCall.HeadersOf, ClientCall.StatusOf, ClientCall.TrailersOf, ClientCall.Disposer, call);
    }
}
