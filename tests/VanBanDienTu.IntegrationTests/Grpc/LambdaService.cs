using Grpc.Core;
using Grpc.Testing;

namespace VanBanDienTu.IntegrationTests.Rpc;

/// <summary>What one test wants the service to do.</summary>
public sealed class Behaviour
{
    public Func<SimpleRequest, ServerCallContext, Task<SimpleResponse>>? Unary { get; init; }

    public Func<IAsyncStreamReader<StreamingInputCallRequest>, ServerCallContext, Task<StreamingInputCallResponse>>? Input { get; init; }

    public Func<IServerStreamWriter<StreamingOutputCallResponse>, ServerCallContext, Task>? Output { get; init; }

    public Func<IAsyncStreamReader<StreamingOutputCallRequest>, IServerStreamWriter<StreamingOutputCallResponse>, ServerCallContext, Task>? Duplex { get; init; }
}

/// <summary>The service that does what the test's <see cref="Behaviour"/> says.</summary>
public sealed class LambdaService(Behaviour behaviour) : TestService.TestServiceBase
{
    public override Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context) => behaviour.Unary!(request, context);

    public override Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context) => behaviour.Input!(requestStream, context);

    public override Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context) =>
        behaviour.Output!(responseStream, context);

    public override Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context) =>
        behaviour.Duplex!(requestStream, responseStream, context);
}
