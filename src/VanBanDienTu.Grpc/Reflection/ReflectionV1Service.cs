using Grpc.Core;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

/// <summary>Answers questions about the mapped services, by grpc.reflection.v1.</summary>
internal sealed class ReflectionV1Service(Lazy<SymbolTable> symbols) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var response = Answer(requestStream.Current);
            response.ValidHost = requestStream.Current.Host;
            response.OriginalRequest = requestStream.Current;
            await responseStream.WriteAsync(response);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        ServerReflectionRequest.MessageRequestOneofCase.ListServices => List(),
        ServerReflectionRequest.MessageRequestOneofCase.FileByFilename =>
            File(symbols.Value.FileByName(request.FileByFilename), "file", request.FileByFilename),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol =>
            File(symbols.Value.FileBySymbol(request.FileContainingSymbol), "symbol", request.FileContainingSymbol),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension =>
            Error(StatusCode.NotFound, "The protos here declare no extensions."),
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType =>
            symbols.Value.FileBySymbol(request.AllExtensionNumbersOfType) is null
                ? Error(StatusCode.NotFound, $"There is no type '{request.AllExtensionNumbersOfType}' here.")
                : new ServerReflectionResponse
                {
                    AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType },
                },
        _ => Error(StatusCode.InvalidArgument, "The request asks nothing."),
    };

    private ServerReflectionResponse List()
    {
        var list = new ListServiceResponse();
        list.Service.AddRange(symbols.Value.Services.Select(name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = list };
    }

    private static ServerReflectionResponse File(Google.Protobuf.Reflection.FileDescriptor? file, string kind, string name)
    {
        if (file is null)
            return Error(StatusCode.NotFound, $"There is no {kind} '{name}' here.");
        var files = new FileDescriptorResponse();
        files.FileDescriptorProto.AddRange(SymbolTable.WithImports(file));
        return new ServerReflectionResponse { FileDescriptorResponse = files };
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
