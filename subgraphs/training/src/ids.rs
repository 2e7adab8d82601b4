//! The ids of this subgraph.

use setwise_graphql::id_type;

id_type!(
    /// A person, who lives in the users subgraph.
    UserId
);
id_type!(MuscleGroupId);
id_type!(ExerciseId);
id_type!(RoutineId);
id_type!(ExerciseInstanceId);
id_type!(RoutineSetId);
id_type!(WorkoutId);
id_type!(ExerciseLogId);
id_type!(SetLogId);
id_type!(ExpectedSetId);
id_type!(BodyMeasurementId);
