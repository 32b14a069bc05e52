using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>Interceptors of both sides.</summary>
public sealed class InterceptorTests
{
    [Fact]
    public async Task Server_interceptors_run_in_order_around_every_kind_of_call()
    {
        var trace = new List<string>();
        await using var link = await Link.StartAsync(
            new Behaviour
            {
                Unary = (_, _) => Task.FromResult(new SimpleResponse()),
                Input = (_, _) => Task.FromResult(new StreamingInputCallResponse()),
                Output = (_, _) => Task.CompletedTask,
                Duplex = (_, _, _) => Task.CompletedTask,
            },
            grpc =>
            {
                grpc.Interceptors.Add<Tracing>("first");
                grpc.Interceptors.Add<Tracing>("second");
            },
            services: services => services.AddSingleton(trace));
        await link.Client.UnaryCallAsync(new SimpleRequest());
        await link.Client.StreamingInputCall();
        Assert.False(await link.Client.StreamingOutputCall(new StreamingOutputCallRequest()).ResponseStream.MoveNext());
        Assert.False(await link.Client.FullDuplexCall().ResponseStream.MoveNext());
        Assert.Equal(
            ["first unary", "second unary", "first input", "second input", "first output", "second output", "first duplex", "second duplex"], trace);
    }

    [Fact]
    public async Task A_server_interceptor_may_refuse_and_translate()
    {
        await using var link = await Link.StartAsync(
            new Behaviour { Unary = (_, _) => throw new InvalidOperationException() }, grpc => grpc.Interceptors.Add<Translating>());
        await InteropCases.FailsAsync(StatusCode.DataLoss, link.Client.UnaryCallAsync(new SimpleRequest()).ResponseAsync);
    }

    [Fact]
    public async Task Client_interceptors_may_add_headers()
    {
        string? seen = null;
        await using var link = await Link.StartAsync(new Behaviour
        {
            Unary = (_, context) =>
            {
                seen = context.RequestHeaders.GetValue("added");
                return Task.FromResult(new SimpleResponse());
            },
        });
        var invoker = link.Channel.CreateCallInvoker().Intercept(headers =>
        {
            headers.Add("added", "yes");
            return headers;
        });
        await new TestService.TestServiceClient(invoker).UnaryCallAsync(new SimpleRequest());
        Assert.Equal("yes", seen);
    }

    private sealed class Translating : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            try
            {
                return await continuation(request, context);
            }
            catch (InvalidOperationException e)
            {
                throw new RpcException(new Status(StatusCode.DataLoss, "translated", e));
            }
        }
    }

    private sealed class Tracing(List<string> trace, string name) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name + " unary");
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name + " input");
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name + " output");
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name + " duplex");
            return continuation(requestStream, responseStream, context);
        }
    }
}
